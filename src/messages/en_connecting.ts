/** Addresses, ports, and reaching others. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_CONNECTING = {
  "address.bad":
    '"{text}" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  "port.bad": '"{text}" is not a port. A port is a whole number from 1 to {max}',
  "connect.failed": "Cannot connect to {address} port {port}: {reason}",
  "connect.peer-failed": "Cannot connect to {name}: {reason}",
  "connect.peer-failed-at": "Cannot connect to {name} at {address} port {port}: {reason}",
  "connect.unknown-place": {
    text: "Cannot connect to {name}: nobody here knows their current address",
    hint: "If you know it: {command}",
  },
  "connect.moved": {
    text:
      "Cannot connect to {name}: they were last at {address} port {port}, and {reason}. As soon as they are on this network, earshot finds them",
    hint: "If you know their address: {command}",
  },
  "connect.moved-ago": {
    text:
      "Cannot connect to {name}: they were last at {address} port {port} ({age:span} ago), and {reason}. As soon as they are on this network, earshot finds them",
    hint: "If you know their address: {command}",
  },
  "connect.somebody-else": "somebody else is there now",
  "connect.nobody-answers": "nobody answers there",
  "connect.self": "that is this earshot itself",
  "connect.stopping": "earshot is stopping",
  "connect.no-profile": "it did not say who it is",
  "connect.ended": "it ended the session at once; its user does not want one now",
  "connect.refused-here": { text: "the session was refused", hint: "See the notices: {command}" },
  "connect.port-needs-address":
    'A port needs an address, such as 192.168.43.1 {port}. earshot finds out where "{name}" is',
  "connect.two-ports": "Two ports were given: {first} and {second}. Choose one",
  "dial.refused": "the device is there, but earshot is not listening on that port",
  "dial.silent": "nobody answered within {time:span}",
  "dial.unreachable": "that address cannot be reached from this network",
  "dial.malformed": "that is not an address",
  "dial.forbidden": "this system does not allow it",
  "dial.not-earshot": "something other than earshot answers on that port",
  "dial.other-version": "it runs another version; update earshot on both devices",
  "dial.busy": "it is busy; try again in a moment",
  "dial.closed": "it closed the connection",
  "dial.failed": "the connection failed",
  "protocol.bad-frame": "it sent a frame that does not follow the protocol",
  "protocol.bad-record": "it sent a record that does not follow the protocol",
  "protocol.bad-handshake": "the handshake failed",
  "protocol.bad-identity": "it did not prove its identity",
  "protocol.wrong-key": "it has a different key than expected",
  "protocol.self": "that is this earshot itself",
  "protocol.too-slow": "it took too long",
  "protocol.too-much": "it sent more than the limits allow",
  "protocol.too-far-behind": "it read too slowly",
  "protocol.silent": "nothing was heard from it",
  "protocol.duplicate": "another session with it is already open",
  "protocol.blocked": "it refused (blocked)",
  "protocol.too-old": "it runs another version; update earshot on both devices",
  "protocol.leaving": "it left",
  "protocol.failed": "it had an internal failure",
  "listen.failed": "Cannot listen on port {port}: {reason}. Choose another one with --port",
  "listen.failed-later": "Cannot listen on port {port}: {reason}. Others still reach you at port {current}",
  "listen.forbidden": "this system does not allow it (ports below 1024 need special rights)",
  "listen.taken": "another program uses it",
  "listen.all-taken": "another program uses it, and the ports behind it are taken too",
  "listen.no-network": "Cannot listen for others: there is no network here",
} as const satisfies Texts;
