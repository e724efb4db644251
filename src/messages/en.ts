/** All messages in English, by topic. */

import { EN_CLI } from "./en_cli.ts";
import { EN_CONNECTING } from "./en_connecting.ts";
import { EN_CONTROL } from "./en_control.ts";
import { EN_DISK } from "./en_disk.ts";
import { EN_DOCTOR } from "./en_doctor.ts";
import { EN_FILES } from "./en_files.ts";
import { EN_NAMES } from "./en_names.ts";
import { EN_NETWORK } from "./en_network.ts";
import { EN_PEOPLE } from "./en_people.ts";
import { EN_ROOMS } from "./en_rooms.ts";
import { EN_SENDING } from "./en_sending.ts";

/** The English catalogue. */
export const EN = {
  ...EN_CLI,
  ...EN_CONNECTING,
  ...EN_CONTROL,
  ...EN_DISK,
  ...EN_DOCTOR,
  ...EN_FILES,
  ...EN_NAMES,
  ...EN_NETWORK,
  ...EN_PEOPLE,
  ...EN_ROOMS,
  ...EN_SENDING,
} as const;
