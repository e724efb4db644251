/** What `doctor` finds, in German. A test holds it against all that tests/node/diagnostics/diagnosis_test.ts has the node find. */

import type { NodeSentences } from "./catalogue.ts";

/** How a knock went, of one and in a row of several. */
const OUTCOMES: NodeSentences = ([
  ["got in", "kam herein"],
  ["was refused", "wurde abgewiesen"],
  ["got no answer", "bekam keine Antwort"],
  ["found no way here", "fand keinen Weg hierher"],
  ["did not get through", "kam nicht durch"],
] as const).flatMap(([english, german]): NodeSentences => [
  [`{1} and {2} ${english}`, `{1} und {2} ${german}`],
  [`{1}, {2} ${english}`, `{1}, {2} ${german}`],
  [`{1} ${english}`, `{1} ${german}`],
]);

/** Its sentences; the longer pattern before one that would fit as well. */
export const DE_DOCTOR: NodeSentences = [
  // What was looked at.
  ["Starting earshot", "Start von earshot"],
  ["Network", "Netz"],
  ["Interface {1}", "Schnittstelle {1}"],
  ["Own echo on {1}", "Eigenes Echo über {1}"],
  ["Gateway {1}", "Gateway {1}"],
  ["Access point", "Zugangspunkt"],
  ["UDP port {1}, for finding others", "UDP-Port {1}, um andere zu finden"],
  ["TCP port {1}, where others come in", "TCP-Port {1}, an dem andere hereinkommen"],
  ["Reached from other devices", "Von anderen Geräten erreicht"],
  ["Own beacons at others", "Eigene Rundrufe bei anderen"],
  ["Firewall of this device", "Firewall dieses Geräts"],
  ["Network profile of Windows", "Netzwerkprofil von Windows"],
  ["Clock", "Uhr"],
  ["Home {1}", "Ordner {1}"],
  ["Disk space", "Platz auf dem Datenträger"],
  ["Permissions of the home", "Rechte am Ordner"],
  ["Troubles since the start", "Schwierigkeiten seit dem Start"],
  ["Trouble since the start", "Schwierigkeit seit dem Start"],
  // The start.
  [
    "What else is shown here was looked at without a node; what needs one is not known.",
    "Was sonst hier steht, wurde ohne laufendes earshot angesehen; was eines braucht, ist nicht bekannt.",
  ],
  // Networks and interfaces.
  ["Connected by {1}.", "Verbunden über {1}."],
  [
    "This device is not connected to any network, so nobody outside it can be found.",
    "Dieses Gerät ist mit keinem Netz verbunden; außerhalb ist also niemand zu finden.",
  ],
  [
    "Join a Wi-Fi network, plug in a cable, or start a hotspot.",
    "Verbinde es mit einem WLAN, steck ein Kabel ein oder öffne einen Hotspot.",
  ],
  ["Rank {1}, a network of its own.", "Rang {1}, ein eigenes Netz."],
  ["Rank {1}, this device itself.", "Rang {1}, dieses Gerät selbst."],
  ["Rank {1}, a tunnel or a container.", "Rang {1}, ein Tunnel oder ein Container."],
  ["One other is heard on it.", "Darüber ist jemand zu hören."],
  ["{1} others are heard on it.", "Zu hören sind darüber: {1}."],
  ["Without a node nothing was sent on it.", "Ohne laufendes earshot wurde darüber nichts gesendet."],
  ["This earshot does not use it.", "Dieses earshot benutzt sie nicht."],
  ["Nothing can be sent on it ({1}).", "Darüber lässt sich nichts senden ({1})."],
  [
    "Most likely the link is down, or a firewall or a VPN of this device forbids it.",
    "Wahrscheinlich besteht keine Verbindung, oder eine Firewall oder ein VPN dieses Geräts verbietet es.",
  ],
  [
    "Our own broadcast comes back: this device lets it out and in.",
    "Der eigene Rundruf kommt zurück: Dieses Gerät lässt ihn hinaus und herein.",
  ],
  [
    "No broadcast can be sent there, so none comes back.",
    "Dort lässt sich kein Rundruf senden, also kommt keiner zurück.",
  ],
  [
    "UDP port {1} is not open, so no echo can be heard.",
    "UDP-Port {1} ist nicht offen, also ist kein Echo zu hören.",
  ],
  [
    "Too little was sent so far. Ask again in a moment.",
    "Bisher wurde zu wenig gesendet. Sieh gleich noch einmal nach.",
  ],
  [
    "Our own broadcast does not come back: a firewall of this device likely drops UDP port {1}.",
    "Der eigene Rundruf kommt nicht zurück: Wahrscheinlich verwirft eine Firewall dieses Geräts UDP-Port {1}.",
  ],
  ['See "Firewall of this device" below.', "Siehe unten, „Firewall dieses Geräts“."],
  [
    "There is no default route. That is so on the device that is the hotspot, and earshot needs none.",
    "Es gibt keine Standardroute. So ist es auf dem Gerät, das der Hotspot ist, und earshot braucht keine.",
  ],
  [
    "Not known: this system does not tell its routes.",
    "Nicht bekannt: Dieses System nennt seine Routen nicht.",
  ],
  [
    "Nobody is heard, and no gateway is known to ask, so nothing can be told.",
    "Niemand ist zu hören, und kein Gateway ist bekannt, das zu fragen wäre; es lässt sich also nichts sagen.",
  ],
  ["Not known: PowerShell did not tell.", "Nicht bekannt: PowerShell hat es nicht gesagt."],
  [
    "Windows blocks earshot if its first question was cancelled, and that wins over all that is allowed later: the first line takes it back.",
    "Windows sperrt earshot, wenn seine erste Frage abgebrochen wurde, und das geht allem vor, was später erlaubt wird: Die erste Zeile nimmt es zurück.",
  ],
  ["Local network privacy of macOS", "Schutz des lokalen Netzes von macOS"],
  ["Nothing can be sent on any network.", "In keinem Netz lässt sich etwas senden."],
  [
    "macOS likely keeps this program from the local network.",
    "Wahrscheinlich hält macOS dieses Programm vom lokalen Netz fern.",
  ],
  [
    "Open System Settings, Privacy & Security, Local Network, and allow earshot, or the terminal that it runs in.",
    "Öffne Systemeinstellungen, Datenschutz & Sicherheit, Lokales Netzwerk, und erlaube earshot oder das Terminal, in dem es läuft.",
  ],
  ["Then start it again.", "Starte es dann neu."],
  ["It answers: this device is on the network.", "Es antwortet: Dieses Gerät ist im Netz."],
  [
    "It answers nothing, as many routers do. That alone is no trouble.",
    "Es antwortet nichts, wie viele Router. Das allein macht nichts.",
  ],
  [
    "No device has that address now: the access point is out of reach, or this device has not really joined.",
    "Kein Gerät hat jetzt diese Adresse: Der Zugangspunkt ist außer Reichweite, oder dieses Gerät ist nicht wirklich beigetreten.",
  ],
  ["Switch Wi-Fi off and on, or go nearer.", "Schalte das WLAN aus und wieder ein, oder geh näher heran."],
  [
    "One other is heard: it does not keep all devices apart.",
    "Jemand ist zu hören: Er trennt nicht alle Geräte.",
  ],
  [
    "{1} others are heard: it does not keep all devices apart.",
    "{1} andere sind zu hören: Er trennt nicht alle Geräte.",
  ],
  [
    "One other device can be reached: it does not keep devices apart. Earshot does not run there.",
    "Ein anderes Gerät ist zu erreichen: Er trennt die Geräte nicht. Dort läuft kein earshot.",
  ],
  [
    "{1} other devices can be reached: it does not keep devices apart. Earshot does not run there.",
    "{1} andere Geräte sind zu erreichen: Er trennt die Geräte nicht. Dort läuft kein earshot.",
  ],
  [
    "Nobody is heard so far; the search is not over.",
    "Bisher ist niemand zu hören; die Suche ist noch nicht zu Ende.",
  ],
  [
    "Nobody is heard, and the gateway does not answer either, so nothing can be told.",
    "Niemand ist zu hören, und auch das Gateway antwortet nicht; es lässt sich also nichts sagen.",
  ],
  [
    "Nobody is heard and no other device answers, though the gateway does.",
    "Niemand ist zu hören, und kein anderes Gerät antwortet, obwohl das Gateway es tut.",
  ],
  [
    "If others are on this network, the access point likely keeps devices apart (client isolation), as guest networks do.",
    "Falls andere in diesem Netz sind, hält wahrscheinlich der Zugangspunkt die Geräte getrennt (Client-Isolation), wie in Gastnetzen üblich.",
  ],
  [
    "Make a hotspot on one of your own devices, and let the others join it.",
    "Öffne auf einem eurer Geräte einen Hotspot und lass die anderen beitreten.",
  ],
  ["No interface of a VPN is up.", "Kein VPN ist eingeschaltet."],
  [
    "{1} looks like a VPN. Some let nothing through to the network around you.",
    "{1} sieht nach einem VPN aus. Manche lassen nichts zum Netz um dich herum durch.",
  ],
  [
    'If nobody is heard, allow local networks in its settings ("LAN access", "split tunnel"), or switch it off.',
    "Falls niemand zu hören ist, erlaube in seinen Einstellungen lokale Netze („LAN access“, „split tunnel“), oder schalte es aus.",
  ],
  // Ports.
  ["It is open here.", "Hier ist er offen."],
  [
    "{1}; earshot waits at TCP port {2} instead.",
    "{1}; earshot wartet stattdessen an TCP-Port {2}.",
  ],
  [
    "Another program has it: {1}, process {2}",
    "Ein anderes Programm hat ihn: {1}, Prozess {2}",
  ],
  ["Another program has it: {1}, process {2}.", "Ein anderes Programm hat ihn: {1}, Prozess {2}."],
  [
    "Another program has it; the system does not tell which",
    "Ein anderes Programm hat ihn; das System sagt nicht, welches",
  ],
  [
    "Another program has it; the system does not tell which.",
    "Ein anderes Programm hat ihn; das System sagt nicht, welches.",
  ],
  ["This system does not allow it", "Dieses System erlaubt es nicht"],
  ["This system does not allow it.", "Dieses System erlaubt es nicht."],
  ["It cannot be opened ({1})", "Er lässt sich nicht öffnen ({1})"],
  ["It cannot be opened ({1}).", "Er lässt sich nicht öffnen ({1})."],
  [
    "This device finds others, but others find it only when it asks.",
    "Dieses Gerät findet andere, aber andere finden es nur, wenn es fragt.",
  ],
  [
    "End that program, or use another port on all devices: --discovery-port.",
    "Beende dieses Programm, oder nimm auf allen Geräten einen anderen Port: --discovery-port.",
  ],
  [
    "End that program, or choose another port with --port.",
    "Beende dieses Programm, oder wähle mit --port einen anderen Port.",
  ],
  ["Others who find this device know that.", "Andere, die dieses Gerät finden, wissen das."],
  [
    "Whoever connects by address has to name the port",
    "Wer sich mit der Adresse verbindet, muss den Port dazu nennen",
  ],
  // Being reached.
  ["Yes: {1} and {2} knocked and got in.", "Ja: {1} und {2} haben angeklopft und kamen herein."],
  ["Yes: {1} knocked and got in.", "Ja: {1} hat angeklopft und kam herein."],
  ["Not by all: {1}.", "Nicht von allen: {1}."],
  [
    "{1} and {2} got in, so it is likely something on the way.",
    "{1} und {2} kamen herein, es liegt also wahrscheinlich am Weg.",
  ],
  [
    "{1} got in, so it is likely something on the way.",
    "{1} kam herein, es liegt also wahrscheinlich am Weg.",
  ],
  ["No: {1}.", "Nein: {1}."],
  [
    "A firewall of this device likely refuses TCP. Others can only be called from here.",
    "Wahrscheinlich weist eine Firewall dieses Geräts TCP ab. Andere lassen sich nur von hier aus rufen.",
  ],
  [
    "Nobody could be asked, because earshot does not run.",
    "Niemand ließ sich fragen, weil earshot nicht läuft.",
  ],
  [
    "Not known: {1} and {2} is heard, but cannot be connected to from here; a firewall there, or on the way, likely refuses TCP.",
    "Nicht bekannt: {1} und {2} sind zu hören, aber von hier nicht zu erreichen; wahrscheinlich weist dort oder unterwegs eine Firewall TCP ab.",
  ],
  [
    "Not known: {1} is heard, but cannot be connected to from here; a firewall there, or on the way, likely refuses TCP.",
    "Nicht bekannt: {1} ist zu hören, aber von hier nicht zu erreichen; wahrscheinlich weist dort oder unterwegs eine Firewall TCP ab.",
  ],
  [
    "Not known: {1} and {2} did not say; an earlier version of earshot cannot.",
    "Nicht bekannt: {1} und {2} haben es nicht gesagt; eine frühere Version von earshot kann das nicht.",
  ],
  [
    "Not known: {1} did not say; an earlier version of earshot cannot.",
    "Nicht bekannt: {1} hat es nicht gesagt; eine frühere Version von earshot kann das nicht.",
  ],
  [
    "Not known: nobody on another device is here who could be asked to try.",
    "Nicht bekannt: Niemand auf einem anderen Gerät ist da, der es versuchen könnte.",
  ],
  ["They arrive.", "Sie kommen an."],
  [
    "{1} of {2} who were asked do not hear our beacons: something on the way, or a firewall there, drops UDP.",
    "{1} von {2} Gefragten hören unsere Rundrufe nicht: Etwas unterwegs, oder eine Firewall dort, verwirft UDP.",
  ],
  [
    "They can connect by address all the same, and a room finds its way by those whom both reach.",
    "Verbinden können sie sich trotzdem mit der Adresse, und ein Raum findet seinen Weg über die, die beide erreichen.",
  ],
  ...OUTCOMES,
  // The firewall.
  ["It lets earshot through.", "Sie lässt earshot durch."],
  [
    "None that earshot knows how to ask (ufw, firewalld, macOS, Windows) is switched on; rules of other kinds are not looked at.",
    "Keine, die earshot zu fragen weiß (ufw, firewalld, macOS, Windows), ist eingeschaltet; Regeln anderer Art werden nicht angesehen.",
  ],
  ["{1} and {2} are switched on.", "Eingeschaltet sind {1} und {2}."],
  ["{1} is switched on.", "Eingeschaltet ist {1}."],
  ["the macOS firewall", "die Firewall von macOS"],
  [
    "If others do not find this device, let earshot in.",
    "Falls andere dieses Gerät nicht finden, lass earshot herein.",
  ],
  ["Let earshot in.", "Lass earshot herein."],
  [
    "Start it with --session-ports {1} then, so that only these ports need to be open.",
    "Starte es dann mit --session-ports {1}, damit nur diese Ports offen sein müssen.",
  ],
  ["In a terminal that runs as administrator:", "In einem Terminal mit Administratorrechten:"],
  ["Something here likely drops UDP port {1}.", "Wahrscheinlich verwirft hier etwas UDP-Port {1}."],
  ["Something here likely drops TCP.", "Wahrscheinlich verwirft hier etwas TCP."],
  ["The network is a private one.", "Das Netz ist ein privates."],
  [
    "Windows takes this network for a public one, where it lets nobody in.",
    "Windows hält dieses Netz für ein öffentliches, und dort lässt es niemanden herein.",
  ],
  [
    'If you trust who is on it, as on your own hotspot: Settings, Network & internet, the network\'s properties, "Private network".',
    "Wenn du denen traust, die darin sind, wie in deinem eigenen Hotspot: Einstellungen, Netzwerk und Internet, Eigenschaften des Netzes, „Privates Netzwerk“.",
  ],
  // This machine.
  ["Nobody is here to compare it with.", "Niemand ist da, um sie zu vergleichen."],
  ["It agrees with one other's.", "Sie stimmt mit der einer anderen Person überein."],
  ["It agrees with the clocks of {1} others.", "Sie stimmt mit den Uhren von {1} anderen überein."],
  ["It is {1} behind one other's.", "Sie geht {1} gegen die einer anderen Person nach."],
  ["It is {1} ahead of one other's.", "Sie geht {1} gegen die einer anderen Person vor."],
  ["It is {1} behind the clocks of {2} others.", "Sie geht {1} gegen die Uhren von {2} anderen nach."],
  ["It is {1} ahead of the clocks of {2} others.", "Sie geht {1} gegen die Uhren von {2} anderen vor."],
  ["{1} minutes", "{1} Minuten"],
  ["{1} hours", "{1} Stunden"],
  ["{1} days", "{1} Tage"],
  ["One of the two is wrong.", "Eine der beiden geht falsch."],
  ["This one is likely wrong.", "Wahrscheinlich geht diese hier falsch."],
  [
    "Nothing is lost by that, but times are shown wrongly.",
    "Verloren geht dadurch nichts, aber Zeiten werden falsch gezeigt.",
  ],
  [
    "Set the time and the time zone of this device.",
    "Stell die Uhrzeit und die Zeitzone dieses Geräts ein.",
  ],
  ["It can be written to.", "In ihn lässt sich schreiben."],
  [
    "The disk is full: nothing that is said can be kept.",
    "Der Datenträger ist voll: Nichts, was gesagt wird, lässt sich sichern.",
  ],
  ["Free some space.", "Schaff etwas Platz."],
  [
    "The disk is read-only: nothing that is said can be kept.",
    "Der Datenträger ist schreibgeschützt: Nichts, was gesagt wird, lässt sich sichern.",
  ],
  ["Use another place with --home.", "Nimm mit --home einen anderen Ort."],
  ["This user may not write there.", "Dieser Benutzer darf dort nicht schreiben."],
  [
    "Check whose folder it is, or use another place with --home.",
    "Sieh nach, wem der Ordner gehört, oder nimm mit --home einen anderen Ort.",
  ],
  ["Something is in the way there.", "Dort ist etwas im Weg."],
  [
    "Look into the folder, or use another place with --home.",
    "Sieh in den Ordner, oder nimm mit --home einen anderen Ort.",
  ],
  ["There is no such folder.", "Diesen Ordner gibt es nicht."],
  ["Start earshot: it makes one.", "Starte earshot: Es legt ihn an."],
  ["Writing there fails.", "Dort zu schreiben schlägt fehl."],
  [
    "Check the disk, or use another place with --home.",
    "Prüf den Datenträger, oder nimm mit --home einen anderen Ort.",
  ],
  ["Only {1} MiB are free.", "Nur {1} MiB sind frei."],
  ["{1} MiB are free.", "{1} MiB sind frei."],
  [
    "What does not get to the disk is neither shown nor passed on.",
    "Was nicht auf den Datenträger kommt, wird weder gezeigt noch weitergegeben.",
  ],
  ["Only you can look into it.", "Nur du kannst hineinsehen."],
  [
    "Other users of this machine may look into it (mode {1}).",
    "Andere Benutzer dieses Rechners können hineinsehen (Modus {1}).",
  ],
  ["It holds what was said.", "Darin liegt, was gesagt wurde."],
  ["Keep it to yourself:", "Behalte ihn für dich:"],
  ["None: no damaged file was found.", "Keine: Es wurde keine beschädigte Datei gefunden."],
];
