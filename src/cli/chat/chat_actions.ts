/** Carries out what is typed in a chat. */

import { assertNever, UsageError } from "../../errors.ts";
import type { ExportFormat, Replies } from "../../api/commands.ts";
import { writeExport } from "../../store/transcript/write_export.ts";
import {
  acceptedShown,
  awayShown,
  blockedShown,
  contactsShown,
  disconnectedShown,
  forgottenShown,
  ignoredShown,
  invitedShown,
  leftShown,
  listeningShown,
  logShown,
  membersShown,
  namedShown,
  notedShown,
  peersShown,
  renewedShown,
  requestsShown,
  roomsShown,
  savedShown,
  searchShown,
  statusShown,
  verifiedShown,
  wordsShown,
} from "../format/replies.ts";
import { chatNow, type ChatParts, requireOpen, whom } from "./chat_parts.ts";
import type { Action, Question } from "./parse_input.ts";
import type { ConversationOpener } from "./open_conversation.ts";
import type { Printable } from "../format/output.ts";
import { giveShown } from "../format/give.ts";
import { fileShown, filesShown, offeredShown } from "../format/files.ts";
import { doctorShown } from "../format/doctor.ts";
import { renderSlashHelp } from "../help/slash_help.ts";

const FORMATS: readonly (readonly [ending: RegExp, format: ExportFormat])[] = [
  [/\.md$/i, "md"],
  [/\.json$/i, "json"],
];

/** What can be done in one chat. */
export class ChatActions {
  readonly #parts: ChatParts;
  readonly #opener: ConversationOpener;
  #last: Replies["send"] | undefined;

  /** Does nothing yet. */
  constructor(parts: ChatParts, opener: ConversationOpener) {
    this.#parts = parts;
    this.#opener = opener;
  }

  /** What was said last. */
  get last(): Replies["send"] | undefined {
    return this.#last;
  }

  /** Does it, and shows what came of it. @throws {UsageError}, {WorldError}. */
  async carryOut(action: Exclude<Action, { readonly do: "quit" }>): Promise<void> {
    const opener = this.#opener;
    const { runner, ui } = this.#parts;
    switch (action.do) {
      case "nothing":
        return;
      case "help":
        return await ui.output.lines(renderSlashHelp(action.about, ui.output.columns));
      case "say":
        return await this.#say(requireOpen(this.#parts).id, action.text);
      case "message":
        return await this.#message(action.to, action.text);
      case "go":
        return await opener.go(action.to);
      case "join":
        return await opener.join(action.room);
      case "host": {
        const { title, isInvited } = action;
        const hosted = await runner.run({ do: "host", title, ...(isInvited && { isInvited }) });
        return await opener.enter({ ...hosted, note: null });
      }
      case "leave":
        return await this.#leave(action.room);
      case "connect":
        return await opener.connect(action.to, action.port);
      case "accept": {
        const accepted = await runner.run(action);
        await this.#show(acceptedShown(accepted, chatNow(this.#parts)));
        return await opener.open(accepted.room);
      }
      case "renew": {
        const renewed = await runner.run({ do: "renew", room: this.#openRoom(), without: action.without });
        await this.#show(renewedShown(renewed, chatNow(this.#parts)));
        return await opener.open(renewed.room);
      }
      case "export":
        return await this.#export(action);
      case "ask":
        return await this.#show(await this.#answer(action.command));
      default:
        return await this.#show(await this.#answerAbout(action));
    }
  }

  /** Where nothing is open, what is typed next is most likely meant for the same person. */
  async #message(to: string, text: string | null): Promise<void> {
    const { chatView, environment } = this.#parts;
    if (text === null || (chatView.open === null && environment.console.isInTerminal)) {
      await this.#opener.openWith(to);
    }
    if (text !== null) await this.#say(to, text);
  }

  async #say(to: string, text: string): Promise<void> {
    const { runner, chatView } = this.#parts;
    this.#last = await runner.run({ do: "send", to, text });
    chatView.typed(this.#last);
  }

  async #leave(text: string | null): Promise<void> {
    const { chatView, runner, ui } = this.#parts;
    const { open } = chatView;
    if (text === null && open?.direct === true) {
      await this.#opener.markRead();
      this.#opener.close();
      return await ui.output.note("No conversation is open now. What was said is kept.");
    }
    const left = await runner.run({ do: "leave", room: text ?? requireOpen(this.#parts).id });
    chatView.learn([left.room]);
    if (left.room.id === open?.id) this.#opener.close();
    await this.#show(leftShown(left));
  }

  async #export({ file, isForced }: Extract<Action, { readonly do: "export" }>): Promise<void> {
    const { runner, environment } = this.#parts;
    const open = requireOpen(this.#parts);
    const format = FORMATS.find(([ending]) => file !== null && ending.test(file))?.[1];
    const { title, text, count } = await runner.run({
      do: "export",
      to: open.id,
      ...(format !== undefined && { format }),
    });
    const path = environment.absolutePath(file ?? `${title.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "-")}.txt`);
    await writeExport(environment.ports.disk, { path, text, force: isForced });
    await this.#show({ rows: [{ title, count, file: path }], lines: [`Written to ${path}`] });
  }

  /** What the node says to it. */
  async #answer(command: Question): Promise<Printable> {
    const { runner } = this.#parts;
    const now = chatNow(this.#parts);
    switch (command.do) {
      case "peers":
        return peersShown(await runner.run(command), now);
      case "rooms":
        return roomsShown(await runner.run(command), now);
      case "contacts":
        return contactsShown(await runner.run(command), now);
      case "requests":
        return requestsShown(await runner.run(command), now);
      case "status":
        return statusShown(await runner.run(command), now);
      case "doctor":
        return doctorShown(await runner.run(command), now);
      case "give":
        return giveShown(await runner.run(command), now);
      case "nick":
        return namedShown(await runner.run(command));
      case "search":
        return searchShown({ ...await runner.run(command), ...await runner.run({ do: "rooms" }) }, now);
      case "away":
        return awayShown(await runner.run(command), now);
      case "listen":
        return listeningShown(await runner.run(command), now);
      case "forget":
        return forgottenShown(await runner.run(command), now);
      case "note":
        return notedShown(await runner.run(command), now);
      case "ignore":
        return ignoredShown(await runner.run(command), now);
      case "rescan":
        await runner.run(command);
        return { rows: [], lines: ["Looking again."] };
      default:
        return assertNever(command);
    }
  }

  /** What the node says to it about the open conversation, or whom it is with, unless another is named. */
  async #answerAbout(
    action: Extract<
      Action,
      {
        readonly do:
          | "who"
          | "disconnect"
          | "block"
          | "verify"
          | "save"
          | "invite"
          | "log"
          | "file"
          | "files"
          | "get"
          | "pause"
          | "cancel";
      }
    >,
  ): Promise<Printable> {
    const parts = this.#parts;
    const { runner, chatView } = parts;
    const now = chatNow(parts);
    switch (action.do) {
      case "who": {
        const room = action.room === null
          ? requireOpen(parts).id
          : chatView.numbers.find(action.room)?.id ?? action.room;
        return membersShown(await runner.run({ do: "members", room }), now);
      }
      case "disconnect":
        return disconnectedShown(await runner.run({ do: "disconnect", peer: whom(parts, action.peer) }), now);
      case "block": {
        const { isBlocked } = action;
        const blocked = await runner.run({ do: "block", peer: whom(parts, action.peer), isBlocked });
        // Nothing can be said there any more.
        if (isBlocked && chatView.open?.peer === blocked.peer.id) this.#opener.close();
        return blockedShown(blocked, now);
      }
      case "verify": {
        const peer = whom(parts, action.peer);
        if (action.isSame === null) return wordsShown(await runner.run({ do: "words", peer }), now);
        return verifiedShown(await runner.run({ do: "verify", peer, isVerified: action.isSame }), now);
      }
      case "save": {
        const { open } = chatView;
        const ofOpen = action.peer === null && open?.direct === true ? open.peer : null;
        const peer = action.peer ?? ofOpen ?? action.name;
        const hasLabel = action.peer !== null || ofOpen !== null;
        return savedShown(
          await runner.run({ do: "save", peer, ...(hasLabel && { label: action.name }) }),
          now,
        );
      }
      case "invite": {
        const room = action.room ?? this.#openRoom();
        return invitedShown(await runner.run({ do: "invite", room, peers: action.peers }), now);
      }
      case "file": {
        const path = parts.environment.absolutePath(action.path);
        return offeredShown(await runner.run({ do: "offer", to: requireOpen(parts).id, paths: [path] }), now);
      }
      case "files":
        return filesShown(await runner.run({ do: "files", to: requireOpen(parts).id }), now);
      case "get":
        return fileShown(await runner.run({ do: "get", file: action.file ?? await this.#newestFile() }), now);
      case "pause":
      case "cancel":
        return fileShown(await runner.run({ ...action, to: requireOpen(parts).id }), now);
      case "log":
        return logShown(
          await runner.run({ do: "log", to: requireOpen(parts).id, last: action.last }),
          now,
        );
      default:
        return assertNever(action);
    }
  }

  /** The newest offer of the open conversation that is not here. */
  async #newestFile(): Promise<string> {
    const { files } = await this.#parts.runner.run({ do: "files", to: requireOpen(this.#parts).id });
    const newest = files.findLast(({ state, mine }) => !mine && state !== "here");
    if (newest !== undefined) return newest.id;
    throw new UsageError("There is nothing on offer here that could be fetched. /files shows all");
  }

  #openRoom(): string {
    const open = requireOpen(this.#parts);
    if (!open.direct) return open.id;
    throw new UsageError("That is for rooms, and a conversation of two is open. /join ROOM opens a room");
  }

  async #show(shown: Printable): Promise<void> {
    await this.#parts.ui.output.show(shown);
  }
}
