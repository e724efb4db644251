/** Commands about people. */

import type { CommandSpec } from "./command_spec.ts";

/** In the order of help; those of two words are parts of "contacts". */
export const PEOPLE_COMMANDS = [
  {
    name: "peers",
    args: "",
    summary: "show who is here",
    more: [
      "Everybody who is heard on the network or connected. Names are what people call themselves; the id is what they cannot change.",
    ],
    examples: ["earshot peers", "earshot peers --json"],
    options: [],
  },
  {
    name: "contacts",
    args: "[list]",
    summary: "show whom you keep, and change it",
    more: [
      "Whoever you talk to becomes a contact. They are lines of contacts.dat in the home, which can be edited by hand.",
    ],
    examples: ["earshot contacts", "earshot contacts list --json"],
    options: [],
  },
  {
    name: "contacts add",
    args: "NAME|ID|ADDRESS[:PORT] [LABEL]",
    summary: "keep somebody who is here, or who is at that address",
    more: ["LABEL is what you call them; nobody else sees it."],
    examples: [
      "earshot contacts add bob",
      "earshot contacts add bob Dad",
      "earshot contacts add 192.168.43.1:9998",
    ],
    options: [],
  },
  {
    name: "contacts remove",
    args: "NAME",
    summary: "keep somebody no more; what was said stays",
    more: [],
    examples: ["earshot contacts remove bob"],
    options: [],
  },
  {
    name: "contacts rename",
    args: "NAME LABEL",
    summary: "call somebody by a name of your own",
    more: ['Nobody else sees it. An empty LABEL ("") takes it away.'],
    examples: ["earshot contacts rename bob Dad", 'earshot contacts rename Dad ""'],
    options: [],
  },
  {
    name: "contacts note",
    args: "NAME TEXT",
    summary: "note something about somebody",
    more: ['Nobody else sees it. An empty TEXT ("") takes it away.'],
    examples: ["earshot contacts note bob owes me a tea", 'earshot contacts note bob ""'],
    options: [],
  },
  {
    name: "contacts block",
    args: "NAME",
    summary: "hear nothing of somebody any more",
    more: [
      "No connection, no message. In rooms, their lines are not shown; they stay in the log's file and in exports. If they try to connect, they read that you refuse.",
    ],
    examples: ["earshot contacts block eve"],
    options: [],
  },
  {
    name: "contacts unblock",
    args: "NAME",
    summary: "hear of them again",
    more: [],
    examples: ["earshot contacts unblock eve"],
    options: [],
  },
  {
    name: "contacts verify",
    args: "NAME",
    summary: "make sure that nobody is between you",
    more: [
      "Shows six words. Both of you do this, and read them to each other, by voice or side by side. If they are the same, say --yes: the contact is then marked as verified. If not, somebody may be between you: say --no, and trust nothing that comes over this connection.",
    ],
    examples: ["earshot contacts verify bob", "earshot contacts verify bob --yes"],
    options: [
      { name: "yes", summary: "the words were the same" },
      { name: "no", summary: "they were not, or you are not sure any more" },
    ],
  },
  {
    name: "contacts import",
    args: "FILE|-",
    summary: "take contacts over from the programs before earshot",
    more: [
      'Each line is IP PORT NAME; "-" reads them from standard input. Whoever is there is known once you are connected.',
    ],
    examples: ["earshot contacts import contacts.txt", "grep -v '^#' old.txt | earshot contacts import -"],
    options: [],
  },
  {
    name: "requests",
    args: "",
    summary: "show who wants to talk to you, and invitations",
    more: [
      "The first lines of somebody whom you do not know wait here, three at most. To answer them is to accept them.",
    ],
    examples: ["earshot requests"],
    options: [],
  },
  {
    name: "accept",
    args: "NAME",
    summary: "talk to somebody who asked",
    more: [],
    examples: ["earshot accept carol"],
    options: [],
  },
  {
    name: "ignore",
    args: "NAME",
    summary: "let a request be; they are not told",
    more: ['To hear nothing of them any more: "earshot contacts block NAME".'],
    examples: ["earshot ignore carol"],
    options: [],
  },
  {
    name: "connect",
    args: "ADDRESS|NAME [PORT]",
    summary: "connect to an address (port 9999 if none is given), or to a contact",
    more: [
      "For networks where nobody is found by themselves. They become a contact, so later their name will do, wherever they are then.",
    ],
    examples: ["earshot connect 192.168.43.1", "earshot connect 192.168.43.1 9998", "earshot connect bob"],
    options: [],
  },
  {
    name: "disconnect",
    args: "NAME",
    summary: "end the connection with somebody until you connect again",
    more: [],
    examples: ["earshot disconnect bob"],
    options: [],
  },
] as const satisfies readonly CommandSpec[];
