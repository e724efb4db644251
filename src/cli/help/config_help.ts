/** Help for the settings in config.json and for environment variables. Pure. */

import { CONFIG_CHOICES } from "../../store/home/config.ts";

/** A name, and its meaning. */
export type ConfigRow = readonly [name: string, meaning: string];

/** The settings in config.json. */
export const CONFIG_ROWS: readonly ConfigRow[] = Object.entries(CONFIG_CHOICES).map((
  [key, { meaning, usual }],
) => [key, `${meaning} (${usual})`]);

/** The environment variables that earshot reads, but for those by which systems tell where and who the user is. */
export const ENVIRONMENT_ROWS: readonly ConfigRow[] = [
  ["EARSHOT_HOME", "the folder that keeps everything, unless --home names one"],
  ["EARSHOT_DEBUG", "when set, bugs in earshot are shown with the details that help to fix them"],
  ["NO_COLOR", "when set, earshot prints without colours (no-color.org)"],
];

/** Variables that are read from the system, and the reason: none of them needs to be set for earshot. */
export const SYSTEM_VARIABLES: readonly ConfigRow[] = [
  ["HOME, USERPROFILE, XDG_DATA_HOME, APPDATA, LOCALAPPDATA", "the folder of the usual home"],
  ["XDG_CONFIG_HOME", "the folder of systemd's units that start at login"],
  ["USER, USERNAME, LOGNAME", "the name of a new user"],
  ["TERM", '"dumb" means a terminal without colours and without a movable cursor'],
  ["DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, SSH_CLIENT, SSH_TTY", "whether a browser can be opened here"],
  [
    "PATH, SystemRoot, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS",
    "passed to system programs, together with HOME",
  ],
];

/** An example with every setting. */
export const CONFIG_EXAMPLE = `{
  "version": 1,
  "name": "alice",
  "rendezvousPort": 9999,
  "discoveryPort": 9999,
  "sessionPorts": { "from": 50000, "to": 50100 },
  "interfaces": ["wlan0"]
}`;

/** How the file, the options and the variables work together, as paragraphs. */
export const CONFIG_PARAGRAPHS: readonly string[] = [
  "config.json is in the home: the folder that --home or EARSHOT_HOME names, or the usual one of the system. It is JSON that you can edit; earshot reads it when it starts. Every setting is optional. If it contains an error, earshot says so and changes nothing.",
  "An option of the command line overrides config.json. The name that --name gives is saved there.",
];
