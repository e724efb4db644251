/** Carries out what is typed in a chat. */

import { assertNever, UsageError } from "../../errors.ts";
import type { ExportFormat, Replies } from "../../api/commands.ts";
import { writeExport } from "../../store/transcript/write_export.ts";
import {
  formatAcceptReply,
  formatAwayReply,
  formatBlockReply,
  formatContactsReply,
  formatDisconnectReply,
  formatForgetReply,
  formatIgnoreReply,
  formatInviteReply,
  formatLeaveReply,
  formatListenReply,
  formatLogReply,
  formatMembersReply,
  formatNickReply,
  formatNoteReply,
  formatPeersReply,
  formatRenewReply,
  formatRequestsReply,
  formatRoomsReply,
  formatSaveReply,
  formatSearchReply,
  formatStatusReply,
  formatVerifyReply,
  formatWordsReply,
} from "../format/replies.ts";
import { type ChatParts, requireOpen, requirePeer, toChatFormatContext } from "./chat_parts.ts";
import type { Action, Question } from "./parse_input.ts";
import type { ConversationOpener } from "./open_conversation.ts";
import type { Printable } from "../format/output.ts";
import { formatGiveReply } from "../format/give.ts";
import { formatFileReply, formatFilesReply, formatOfferReply } from "../format/files.ts";
import { formatDoctorReply } from "../format/doctor.ts";
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
        await this.#show(formatAcceptReply(accepted, toChatFormatContext(this.#parts)));
        return await opener.open(accepted.room);
      }
      case "renew": {
        const renewed = await runner.run({ do: "renew", room: this.#openRoom(), without: action.without });
        await this.#show(formatRenewReply(renewed, toChatFormatContext(this.#parts)));
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
    await this.#show(formatLeaveReply(left));
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
    const context = toChatFormatContext(this.#parts);
    switch (command.do) {
      case "peers":
        return formatPeersReply(await runner.run(command), context);
      case "rooms":
        return formatRoomsReply(await runner.run(command), context);
      case "contacts":
        return formatContactsReply(await runner.run(command), context);
      case "requests":
        return formatRequestsReply(await runner.run(command), context);
      case "status":
        return formatStatusReply(await runner.run(command), context);
      case "doctor":
        return formatDoctorReply(await runner.run(command), context);
      case "give":
        return formatGiveReply(await runner.run(command), context);
      case "nick":
        return formatNickReply(await runner.run(command));
      case "search":
        return formatSearchReply(
          { ...await runner.run(command), ...await runner.run({ do: "rooms" }) },
          context,
        );
      case "away":
        return formatAwayReply(await runner.run(command), context);
      case "listen":
        return formatListenReply(await runner.run(command), context);
      case "forget":
        return formatForgetReply(await runner.run(command), context);
      case "note":
        return formatNoteReply(await runner.run(command), context);
      case "ignore":
        return formatIgnoreReply(await runner.run(command), context);
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
    const context = toChatFormatContext(parts);
    switch (action.do) {
      case "who": {
        const room = action.room === null
          ? requireOpen(parts).id
          : chatView.numbers.find(action.room)?.id ?? action.room;
        return formatMembersReply(await runner.run({ do: "members", room }), context);
      }
      case "disconnect":
        return formatDisconnectReply(
          await runner.run({ do: "disconnect", peer: requirePeer(parts, action.peer) }),
          context,
        );
      case "block": {
        const { isBlocked } = action;
        const blocked = await runner.run({ do: "block", peer: requirePeer(parts, action.peer), isBlocked });
        // Nothing can be said there any more.
        if (isBlocked && chatView.open?.peer === blocked.peer.id) this.#opener.close();
        return formatBlockReply(blocked, context);
      }
      case "verify": {
        const peer = requirePeer(parts, action.peer);
        if (action.isSame === null) return formatWordsReply(await runner.run({ do: "words", peer }), context);
        return formatVerifyReply(
          await runner.run({ do: "verify", peer, isVerified: action.isSame }),
          context,
        );
      }
      case "save": {
        const { open } = chatView;
        const ofOpen = action.peer === null && open?.direct === true ? open.peer : null;
        const peer = action.peer ?? ofOpen ?? action.name;
        const hasLabel = action.peer !== null || ofOpen !== null;
        return formatSaveReply(
          await runner.run({ do: "save", peer, ...(hasLabel && { label: action.name }) }),
          context,
        );
      }
      case "invite": {
        const room = action.room ?? this.#openRoom();
        return formatInviteReply(await runner.run({ do: "invite", room, peers: action.peers }), context);
      }
      case "file": {
        const path = parts.environment.absolutePath(action.path);
        return formatOfferReply(
          await runner.run({ do: "offer", to: requireOpen(parts).id, paths: [path] }),
          context,
        );
      }
      case "files":
        return formatFilesReply(await runner.run({ do: "files", to: requireOpen(parts).id }), context);
      case "get":
        return formatFileReply(
          await runner.run({ do: "get", file: action.file ?? await this.#newestFile() }),
          context,
        );
      case "pause":
      case "cancel":
        return formatFileReply(await runner.run({ ...action, to: requireOpen(parts).id }), context);
      case "log":
        return formatLogReply(
          await runner.run({ do: "log", to: requireOpen(parts).id, last: action.last }),
          context,
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
