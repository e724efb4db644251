/** Reads the contact list of another program. */

import { formatForShell } from "../../messages/format_message.ts";
import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { decodeText } from "../../text/decode_text.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { CommandContext } from "../node_access/command_context.ts";
import { unlessAborted } from "../environment/abortable.ts";

/** Bytes of a list of contacts: some thousands of lines. The node takes no more. */
const IMPORT_BYTES_MAX = 256 * 1024;

/** The text of the file, or of standard input for null. A text that is no UTF-8 is told. @throws {UsageError} if there is no such file, or if it is too long; {WorldError}. */
export async function readImport(file: string | null, context: CommandContext): Promise<string> {
  const bytes = file === null ? await readInput(context) : await readFile(file, context);
  if (bytes.length > IMPORT_BYTES_MAX) {
    throw new UsageError(message("import.too-long", { max: IMPORT_BYTES_MAX }));
  }
  const { text, encoding } = decodeText(bytes);
  if (encoding === "windows-1252") await context.output.warn(formatForShell(message("import.windows-1252")));
  return text;
}

async function readFile(file: string, { environment }: CommandContext): Promise<Uint8Array> {
  const path = environment.absolutePath(file);
  const bytes = await formatDiskError(
    message("doing.read", { path }),
    () => environment.ports.disk.read(path),
  );
  if (bytes === null) throw new UsageError(message("import.no-file", { path }));
  return bytes;
}

async function readInput({ environment: { console, signal } }: CommandContext): Promise<Uint8Array> {
  if (console.isInTerminal) {
    await console.err(
      "Type one line IP PORT NAME per contact. End with Ctrl-D (Windows: Ctrl-Z and Enter).\n",
    );
  }
  const chunks: number[] = [];
  for (;;) {
    const chunk = await unlessAborted(console.read(), signal);
    if (chunk === null || chunks.length > IMPORT_BYTES_MAX) return new Uint8Array(chunks);
    for (const byte of chunk) chunks.push(byte);
  }
}
