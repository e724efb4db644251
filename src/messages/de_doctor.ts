/** What `doctor` looks at, finds and advises. */

import { translationOf } from "./catalogue.ts";
import type { EN_DOCTOR } from "./en_doctor.ts";

/** German. */
export const DE_DOCTOR = translationOf<typeof EN_DOCTOR>()({
  "looked.start": "Start von earshot",
  "looked.network": "Netz",
  "looked.interface": "Schnittstelle {interface}",
  "looked.echo": "Eigenes Echo über {interface}",
  "looked.gateways": "Gateway",
  "looked.gateway": "Gateway {address}",
  "looked.isolation": "Zugangspunkt",
  "looked.vpn": "VPN",
  "looked.discovery-port": "UDP-Port {port}, um andere zu finden",
  "looked.rendezvous-port": "TCP-Port {port}, an dem sich andere verbinden",
  "looked.reached": "Von anderen Geräten erreichbar",
  "looked.heard": "Eigene Rundrufe bei anderen",
  "looked.firewall": "Firewall dieses Geräts",
  "looked.public-profile": "Netzwerkprofil von Windows",
  "looked.clock": "Uhr",
  "looked.home": "Ordner {folder}",
  "looked.space": "Platz auf dem Datenträger",
  "looked.permissions": "Rechte am Ordner",
  "looked.notices": "Meldungen seit dem Start",
  "looked.notice": "Meldung seit dem Start",
  "doctor.sentence": "{text}.",
  "doctor.without-node":
    "Die übrigen Befunde entstanden ohne laufendes earshot; was eines braucht, ist nicht bekannt.",
  "doctor.connected": "Verbunden über {interfaces:list}.",
  "doctor.no-network":
    "Dieses Gerät ist mit keinem Netz verbunden, also findet earshot niemanden auf anderen Geräten.",
  "advice.join-network": "Verbinde es mit einem WLAN, steck ein Kabel ein oder öffne einen Hotspot.",
  "doctor.preferred": "Bevorzugte Schnittstelle: {kind}.",
  "doctor.rank": "Wahl {rank}: {kind}.",
  "kind.real": "ein echtes Netz",
  "kind.loopback": "dieses Gerät selbst",
  "kind.virtual": "ein Tunnel oder Container",
  "doctor.nothing-sent": "Ohne laufendes earshot wurde darüber nichts gesendet.",
  "doctor.not-used": "Dieses earshot benutzt sie nicht.",
  "doctor.cannot-send": "Darüber lässt sich nichts senden ({problem}).",
  "advice.link-down":
    "Wahrscheinlich ist die Verbindung unterbrochen, oder eine Firewall oder ein VPN auf diesem Gerät verbietet es.",
  "doctor.heard-on-it": {
    one: "Darüber ist jemand zu hören.",
    other: "Darüber sind {count} andere zu hören.",
  },
  "doctor.echo": "Der Rundruf funktioniert auf diesem Gerät.",
  "doctor.echo-impossible": "Dort lässt sich kein Rundruf senden, also kommt keiner zurück.",
  "doctor.echo-deaf": "UDP-Port {port} ist nicht offen, also ist kein Echo zu hören.",
  "doctor.echo-early": "Bisher wurde zu wenig gesendet. Frag gleich noch einmal.",
  "doctor.no-echo":
    "Der eigene Rundruf kommt nicht zurück: Wahrscheinlich verwirft eine Firewall auf diesem Gerät UDP-Port {port}.",
  "advice.see-firewall": "Siehe „Firewall dieses Geräts“ weiter unten.",
  "doctor.no-gateway":
    "Es gibt keine Standardroute. Das ist auf dem Gerät mit dem Hotspot normal, und earshot braucht keine.",
  "doctor.gateway-answers": "Es antwortet: Dieses Gerät ist im Netz.",
  "doctor.gateway-silent": "Es antwortet nicht, wie viele Router. Das allein ist kein Problem.",
  "doctor.gateway-absent":
    "Kein Gerät hat jetzt diese Adresse: Der Zugangspunkt ist außer Reichweite, oder dieses Gerät ist nicht wirklich verbunden.",
  "advice.rejoin": "Schalte das WLAN aus und wieder ein, oder geh näher heran.",
  "doctor.not-isolated-heard": {
    one: "Jemand ist zu hören: Er hält nicht alle Geräte getrennt.",
    other: "{count} andere sind zu hören: Er hält nicht alle Geräte getrennt.",
  },
  "doctor.not-isolated-reached": {
    one:
      "1 anderes Gerät ist online, aber dort läuft kein earshot: Der Zugangspunkt hält die Geräte nicht getrennt.",
    other:
      "{count} andere Geräte sind online, aber dort läuft kein earshot: Der Zugangspunkt hält die Geräte nicht getrennt.",
  },
  "doctor.still-searching": "Bisher ist niemand zu hören; die Suche ist nicht zu Ende.",
  "doctor.isolation-unknown":
    "Niemand ist zu hören, und auch das Gateway antwortet nicht, also lässt sich das nicht sagen.",
  "doctor.isolated":
    "Niemand ist zu hören und kein anderes Gerät antwortet, aber das Gateway. Falls andere in diesem Netz sind, hält wahrscheinlich der Zugangspunkt die Geräte getrennt (Client-Isolation), wie Gastnetze es tun.",
  "advice.hotspot": "Öffne auf einem eurer Geräte einen Hotspot und lass die anderen beitreten.",
  "doctor.no-vpn": "Kein VPN ist eingeschaltet.",
  "doctor.vpn": "{interfaces:list} sieht nach einem VPN aus. Manche sperren das lokale Netz.",
  "advice.vpn":
    "Falls niemand zu hören ist, erlaube in seinen Einstellungen lokale Netze („LAN access“, „split tunnel“), oder schalte es aus.",
  "doctor.port-open": "Hier ist er offen.",
  "port-problem.taken-by": "Ein anderes Programm benutzt ihn: {program}, Prozess {pid}.",
  "port-problem.taken": "Ein anderes Programm benutzt ihn; das System sagt nicht, welches.",
  "port-problem.forbidden": "Dieses System erlaubt es nicht.",
  "port-problem.other": "Er lässt sich nicht öffnen ({problem}).",
  "doctor.found-only-asking": "Dieses Gerät findet andere, aber andere finden es nur, wenn es fragt.",
  "advice.other-discovery-port":
    "Beende dieses Programm, oder nimm auf allen Geräten einen anderen Port: --discovery-port.",
  "advice.other-port": "Beende dieses Programm, oder wähle mit --port einen anderen Port.",
  "doctor.port-instead":
    "earshot benutzt stattdessen TCP-Port {port}. Andere, die dieses Gerät finden, wissen das.",
  "advice.name-port": { text: "Wer sich mit der Adresse verbindet, muss den Port nennen", hint: "{command}" },
  "doctor.reached": "Ja: {peers:and} konnten dieses Gerät erreichen.",
  "doctor.reached-by-some": "Nicht von allen: {failures:and}.",
  "doctor.something-between": "{peers:and} kamen durch, es liegt also wahrscheinlich am Weg.",
  "doctor.not-reached": "Nein: {failures:and}.",
  "doctor.tcp-refused":
    "Wahrscheinlich weist eine Firewall auf diesem Gerät TCP ab. Andere lassen sich nur von hier aus erreichen.",
  "outcome.reached": "{peer} kam durch",
  "outcome.refused": "{peer} wurde abgewiesen",
  "outcome.silent": "{peer} bekam keine Antwort",
  "outcome.unreachable": "{peer} fand keinen Weg hierher",
  "outcome.failed": "{peer} kam nicht durch",
  "doctor.nobody-asked": "Niemand ließ sich fragen, weil earshot nicht läuft.",
  "doctor.no-session":
    "Nicht bekannt: earshot hört {peers:and}, kann sich von hier aus aber nicht verbinden. Wahrscheinlich weist dort oder unterwegs eine Firewall TCP ab.",
  "doctor.no-say":
    "Nicht bekannt: {peers:and} haben es nicht gesagt. Eine frühere Version von earshot kann das nicht.",
  "doctor.nobody-to-ask": "Nicht bekannt: Auf einem anderen Gerät ist niemand, der es versuchen könnte.",
  "doctor.beacons-arrive": "Sie kommen an.",
  "doctor.beacons-lost":
    "{lost} von {asked} hören unsere Rundrufe nicht: Etwas unterwegs, oder eine Firewall dort, verwirft UDP.",
  "advice.beacons-lost":
    "Mit der Adresse können sie sich trotzdem verbinden, und ein Raum findet seinen Weg über Mitglieder, die beide erreichen.",
  "doctor.firewall-open": "Sie lässt earshot durch.",
  "doctor.no-firewall":
    "Keine Firewall, die earshot abfragen kann (ufw, firewalld, macOS, Windows), ist eingeschaltet; Regeln anderer Art werden nicht geprüft.",
  "doctor.firewall-on": "Eingeschaltet: {firewalls:and}.",
  "firewall.ufw": "ufw",
  "firewall.firewalld": "firewalld",
  "firewall.macos": "die Firewall von macOS",
  "firewall.windows": "Windows Defender Firewall",
  "doctor.drops-udp": "Wahrscheinlich verwirft hier etwas UDP-Port {port}.",
  "doctor.drops-tcp": "Wahrscheinlich verwirft hier etwas TCP.",
  "advice.let-in-if": "Falls andere dieses Gerät nicht finden, lass earshot durch.",
  "advice.let-in": "Lass earshot durch.",
  "advice.session-ports":
    "Starte es dann mit --session-ports {from}-{to}, damit nur diese Ports offen sein müssen.",
  "advice.as-admin": "In einem Terminal mit Administratorrechten:",
  "doctor.private": "Das Netz ist privat.",
  "doctor.public": "Windows behandelt dieses Netz als öffentlich und lässt niemanden herein.",
  "advice.public":
    "Wenn du den Leuten darin traust, wie in deinem eigenen Hotspot: Einstellungen, Netzwerk und Internet, Eigenschaften des Netzes, „Privates Netzwerk“.",
  "doctor.clock-alone": "Niemand ist da, um sie zu vergleichen.",
  "doctor.clock-agrees": {
    one: "Sie stimmt mit einer anderen Uhr überein.",
    other: "Sie stimmt mit {count} anderen Uhren überein.",
  },
  "doctor.clock-behind": {
    one: "Sie geht gegenüber der einen anderen Uhr nach: {time:span}. Eine der beiden geht falsch.",
    other:
      "Sie geht gegenüber {count} anderen Uhren nach: {time:span}. Wahrscheinlich geht diese hier falsch.",
  },
  "doctor.clock-ahead": {
    one: "Sie geht gegenüber der einen anderen Uhr vor: {time:span}. Eine der beiden geht falsch.",
    other:
      "Sie geht gegenüber {count} anderen Uhren vor: {time:span}. Wahrscheinlich geht diese hier falsch.",
  },
  "doctor.clock-harm": "Verloren geht nichts, aber Zeiten werden falsch angezeigt.",
  "advice.clock": "Stell die Uhrzeit und die Zeitzone dieses Geräts ein.",
  "doctor.home-ok": "In ihn lässt sich schreiben.",
  "doctor.home-full": "Der Datenträger ist voll: Nachrichten lassen sich nicht speichern.",
  "doctor.home-read-only": "Der Datenträger ist schreibgeschützt: Nachrichten lassen sich nicht speichern.",
  "doctor.home-denied": "Dieser Benutzer darf dort nicht schreiben.",
  "doctor.home-exists": "Dort ist etwas im Weg.",
  "doctor.home-missing": "Diesen Ordner gibt es nicht.",
  "doctor.home-held": "Ein anderes Programm hat dort eine Datei geöffnet.",
  "doctor.home-failed": "Dort zu schreiben schlägt fehl.",
  "advice.home-full": "Schaff etwas Platz.",
  "advice.home-read-only": "Nimm mit --home einen anderen Ort.",
  "advice.home-denied": "Sieh nach, wem der Ordner gehört, oder nimm mit --home einen anderen Ort.",
  "advice.home-exists": "Sieh in den Ordner, oder nimm mit --home einen anderen Ort.",
  "advice.home-missing": "Starte earshot: Es legt den Ordner an.",
  "advice.home-held": "Schließ dieses Programm, etwa einen Editor oder eine Sicherung.",
  "advice.home-failed": "Prüf den Datenträger, oder nimm mit --home einen anderen Ort.",
  "doctor.space": "{free} MiB sind frei.",
  "doctor.space-low":
    "Nur {free} MiB sind frei. Was sich nicht speichern lässt, wird weder angezeigt noch weitergegeben.",
  "doctor.permissions-ok": "Nur du kannst ihn lesen.",
  "doctor.permissions-open":
    "Andere Benutzer dieses Rechners können ihn vielleicht lesen (Modus {mode}). Darin liegen deine Nachrichten.",
  "advice.permissions": "Mach ihn privat:",
  "doctor.routes-unknown": "Nicht bekannt: Dieses System verrät seine Routen nicht.",
  "doctor.no-known-gateway":
    "Niemand ist zu hören, und kein Gateway ist bekannt, also lässt sich das nicht sagen.",
  "doctor.profile-unknown": "Nicht bekannt: PowerShell hat es nicht gesagt.",
  "looked.local-network": "Lokales Netzwerk in macOS",
  "doctor.local-network":
    "Über kein Netz lässt sich etwas senden. Wahrscheinlich hält macOS dieses Programm vom lokalen Netz fern.",
  "advice.local-network":
    "Öffne Systemeinstellungen, Datenschutz & Sicherheit, Lokales Netzwerk, und erlaube earshot oder das Terminal, in dem es läuft. Starte es dann neu.",
  "advice.take-back-block":
    "Windows sperrt earshot, wenn die erste Frage abgebrochen wurde, und das gilt vor allem später Erlaubten: Die erste Zeile hebt es auf.",
  "doctor.no-notices": "Keine: Es wurde keine beschädigte Datei gefunden.",
});
