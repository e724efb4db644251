/** What can be chosen beside options: the file config.json, and environment variables. Pure. */

import { CONFIG_CHOICES } from "../../store/home/config.ts";

/** A name, and what it means. */
export type ConfigRow = readonly [name: string, meaning: string];

/** The choices of config.json. */
export const CONFIG_ROWS: readonly ConfigRow[] = Object.entries(CONFIG_CHOICES).map((
  [key, { meaning, usual }],
) => [key, `${meaning} (${usual})`]);

/** The environment variables that earshot reads, but for those by which systems tell where and who the user is. */
export const ENVIRONMENT_ROWS: readonly ConfigRow[] = [
  ["EARSHOT_HOME", "the folder that keeps everything, where --home names none"],
  ["EARSHOT_DEBUG", "when set, faults of earshot itself are shown with all that helps to mend them"],
  ["NO_COLOR", "when set, nothing is printed in colours (no-color.org)"],
];

/** What is read of the system, and why: nothing to set for earshot's sake. */
export const SYSTEM_VARIABLES: readonly ConfigRow[] = [
  ["HOME, XDG_DATA_HOME, APPDATA", "where the usual home is"],
  ["XDG_CONFIG_HOME", "where systemd looks for what starts at login"],
  ["USER, USERNAME, LOGNAME", "what a newcomer is called at first"],
  ["TERM", '"dumb" is a terminal without colours and without a movable cursor'],
  ["DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, SSH_CLIENT, SSH_TTY", "whether a browser can be opened here"],
  [
    "PATH, SystemRoot, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS",
    "handed on to programs of the system, alone with HOME",
  ],
];

/** An example that names every choice. */
export const CONFIG_EXAMPLE = `{
  "version": 1,
  "name": "alice",
  "rendezvousPort": 9999,
  "discoveryPort": 9999,
  "sessionPorts": { "from": 50000, "to": 50100 },
  "interfaces": ["wlan0"]
}`;

/** How the file, options and variables go together: paragraphs. */
export const CONFIG_PARAGRAPHS: readonly string[] = [
  "config.json lies in the home: the folder that --home or EARSHOT_HOME names, or the usual one of the system. It is JSON, made to be edited by hand, and read when earshot starts. Each choice may be left out. A mistake in it is told, and nothing is changed.",
  "An option of the command line counts before config.json. The name given by --name is kept there.",
];
