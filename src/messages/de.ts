/** All messages in German, by topic. */

import type { MessageText } from "./catalogue.ts";
import { DE_CLI } from "./de_cli.ts";
import { DE_CONNECTING } from "./de_connecting.ts";
import { DE_CONTROL } from "./de_control.ts";
import { DE_DISK } from "./de_disk.ts";
import { DE_DOCTOR } from "./de_doctor.ts";
import { DE_FILES } from "./de_files.ts";
import { DE_NAMES } from "./de_names.ts";
import { DE_NETWORK } from "./de_network.ts";
import { DE_PEOPLE } from "./de_people.ts";
import { DE_ROOMS } from "./de_rooms.ts";
import { DE_SENDING } from "./de_sending.ts";
import type { MessageCode } from "./message.ts";

/** The German catalogue. */
export const DE: Readonly<Record<MessageCode, MessageText>> = {
  ...DE_CLI,
  ...DE_CONNECTING,
  ...DE_CONTROL,
  ...DE_DISK,
  ...DE_DOCTOR,
  ...DE_FILES,
  ...DE_NAMES,
  ...DE_NETWORK,
  ...DE_PEOPLE,
  ...DE_ROOMS,
  ...DE_SENDING,
};
