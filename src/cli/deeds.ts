/** Carries out what is typed in a chat. */

import { assertNever, UsageError } from "../errors.ts";
import type { ExportFormat, Replies } from "../node/vocabulary.ts";
import { writeExport } from "../store/export.ts";
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
} from "./answers.ts";
import { chatNow, type ChatParts, requireOpen, whom } from "./chat_parts.ts";
import type { Action, Question } from "./input.ts";
import type { Opening } from "./opening.ts";
import type { Shown } from "./output.ts";
import { giveShown } from "./give_screen.ts";
import { fileShown, filesShown, offeredShown } from "./file_screen.ts";
import { doctorShown } from "./doctor_screen.ts";
import { slashHelp } from "./slash_help.ts";

const FORMATS: readonly (readonly [ending: RegExp, format: ExportFormat])[] = [
  [/\.md$/i, "md"],
  [/\.json$/i, "json"],
];

/** What can be done in one chat. */
export class Deeds {
  readonly #parts: ChatParts;
  readonly #opening: Opening;
  #last: Replies["send"] | undefined;

  /** Does nothing yet. */
  constructor(parts: ChatParts, opening: Opening) {
    this.#parts = parts;
    this.#opening = opening;
  }

  /** What was said last. */
  get last(): Replies["send"] | undefined {
    return this.#last;
  }

  /** Does it, and shows what came of it. @throws {UsageError}, {WorldError}. */
  async carryOut(action: Exclude<Action, { readonly do: "quit" }>): Promise<void> {
    const opening = this.#opening;
    const { runner, face } = this.#parts;
    switch (action.do) {
      case "nothing":
        return;
      case "help":
        return await face.output.lines(slashHelp(action.about, face.output.columns));
      case "say":
        return await this.#say(requireOpen(this.#parts).id, action.text);
      case "message":
        return await this.#message(action.to, action.text);
      case "go":
        return await opening.go(action.to);
      case "join":
        return await opening.join(action.room);
      case "host": {
        const { title, isInvited } = action;
        const hosted = await runner.run({ do: "host", title, ...(isInvited && { isInvited }) });
        return await opening.enter({ ...hosted, note: null });
      }
      case "leave":
        return await this.#leave(action.room);
      case "connect":
        return await opening.connect(action.to, action.port);
      case "accept": {
        const accepted = await runner.run(action);
        await this.#show(acceptedShown(accepted, chatNow(this.#parts)));
        return await opening.open(accepted.room);
      }
      case "renew": {
        const renewed = await runner.run({ do: "renew", room: this.#openRoom(), without: action.without });
        await this.#show(renewedShown(renewed, chatNow(this.#parts)));
        return await opening.open(renewed.room);
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
    const { talk, stage } = this.#parts;
    if (text === null || (talk.open === null && stage.console.isInTerminal)) await this.#opening.openWith(to);
    if (text !== null) await this.#say(to, text);
  }

  async #say(to: string, text: string): Promise<void> {
    const { runner, talk } = this.#parts;
    this.#last = await runner.run({ do: "send", to, text });
    talk.typed(this.#last);
  }

  async #leave(text: string | null): Promise<void> {
    const { talk, runner, face } = this.#parts;
    const { open } = talk;
    if (text === null && open?.direct === true) {
      await this.#opening.markRead();
      this.#opening.close();
      return await face.output.note("No conversation is open now. What was said is kept.");
    }
    const left = await runner.run({ do: "leave", room: text ?? requireOpen(this.#parts).id });
    talk.learn([left.room]);
    if (left.room.id === open?.id) this.#opening.close();
    await this.#show(leftShown(left));
  }

  async #export({ file, isForced }: Extract<Action, { readonly do: "export" }>): Promise<void> {
    const { runner, stage } = this.#parts;
    const open = requireOpen(this.#parts);
    const format = FORMATS.find(([ending]) => file !== null && ending.test(file))?.[1];
    const { title, text, count } = await runner.run({
      do: "export",
      to: open.id,
      ...(format !== undefined && { format }),
    });
    const path = stage.absolutePath(file ?? `${title.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "-")}.txt`);
    await writeExport(stage.ports.disk, { path, text, force: isForced });
    await this.#show({ rows: [{ title, count, file: path }], lines: [`Written to ${path}`] });
  }

  /** What the node says to it. */
  async #answer(command: Question): Promise<Shown> {
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
  ): Promise<Shown> {
    const parts = this.#parts;
    const { runner, talk } = parts;
    const now = chatNow(parts);
    switch (action.do) {
      case "who": {
        const room = action.room === null
          ? requireOpen(parts).id
          : talk.places.find(action.room)?.id ?? action.room;
        return membersShown(await runner.run({ do: "members", room }), now);
      }
      case "disconnect":
        return disconnectedShown(await runner.run({ do: "disconnect", peer: whom(parts, action.peer) }), now);
      case "block": {
        const { isBlocked } = action;
        const blocked = await runner.run({ do: "block", peer: whom(parts, action.peer), isBlocked });
        // Nothing can be said there any more.
        if (isBlocked && talk.open?.peer === blocked.peer.id) this.#opening.close();
        return blockedShown(blocked, now);
      }
      case "verify": {
        const peer = whom(parts, action.peer);
        if (action.isSame === null) return wordsShown(await runner.run({ do: "words", peer }), now);
        return verifiedShown(await runner.run({ do: "verify", peer, isVerified: action.isSame }), now);
      }
      case "save": {
        const { open } = talk;
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
        const path = parts.stage.absolutePath(action.path);
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

  async #show(shown: Shown): Promise<void> {
    await this.#parts.face.output.show(shown);
  }
}
