/** Sends messages in the order of typing, brings unsent ones back, and tells peers that the user types. */

import type { PageClock } from "../browser/ports.ts";
import { CommandFailure } from "../connection/node_socket.ts";
import type { AppState } from "../state/app_state.ts";
import { TYPING_SENT_MS } from "../state/typists.ts";
import type { ConversationController } from "./conversation_controller.ts";
import type { DraftsController } from "./drafts_controller.ts";
import type { NodeClient } from "./node_client.ts";
import type { ShowToast } from "./toast.ts";

/** What became of a message. "held-back": one before it failed, and this one came back with it. */
export type SendOutcome =
  | { readonly is: "sent" | "held-back" }
  | { readonly is: "failed"; readonly problem: string };

/** Sends messages. */
export interface MessageSender {
  /** Sends a text. One that cannot be sent is the draft again. */
  send(to: string, text: string): Promise<SendOutcome>;
  /** The user types: stores the draft, and tells peers every 3 seconds. */
  onTyped(to: string, text: string): void;
}

/** Makes the sender. */
export function createMessageSender(
  { node, state, clock, drafts, conversation, showToast }: {
    readonly node: NodeClient;
    readonly state: AppState;
    readonly clock: PageClock;
    readonly drafts: DraftsController;
    readonly conversation: Pick<ConversationController, "followSent">;
    readonly showToast: ShowToast;
  },
): MessageSender {
  let typingSentMs = -Infinity;
  let lastTurn: Promise<unknown> = Promise.resolve();
  /** Failed turns by conversation: a message that was queued before the latest failure is held back. */
  const failures = new Map<string, number>();

  /** Messages go one after the other. What waits behind a failed one comes back with it. */
  function takeTurn(to: string, text: string): Promise<SendOutcome> {
    const failuresBefore = failures.get(to) ?? 0;
    const turn = lastTurn.then(async (): Promise<SendOutcome> => {
      if ((failures.get(to) ?? 0) !== failuresBefore) return { is: "held-back" };
      try {
        await sendNow(to, text);
        return { is: "sent" };
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error;
        failures.set(to, failuresBefore + 1);
        return { is: "failed", problem: error.message };
      }
    });
    // A bug in one turn must not block the next.
    lastTurn = turn.catch(() => {});
    return turn;
  }

  async function sendNow(to: string, text: string): Promise<void> {
    const { value: current } = state.conversation;
    typingSentMs = -Infinity;
    await node.run({ do: "send", to: current?.to === to ? current.room.id : to, text });
    await conversation.followSent(to);
  }

  return {
    async send(to, text) {
      const forget = drafts.keepWhileSending(to, text);
      drafts.setDraft(to, "");
      const outcome = await takeTurn(to, text);
      if (outcome.is !== "sent") drafts.restoreUnsent(to, text);
      // The composer shows the problem, unless the user has gone elsewhere.
      if (outcome.is === "failed" && state.openId.value !== to) {
        showToast(outcome.problem, { isProblem: true });
      }
      forget();
      return outcome;
    },

    onTyped(to, text) {
      drafts.setDraft(to, text);
      const { value: current } = state.conversation;
      const isTold = state.preferences.value.isTypingTold && text !== "" && current?.to === to &&
        state.connection.value.at === "open";
      if (!isTold || clock.elapsedMs() - typingSentMs < TYPING_SENT_MS) return;
      typingSentMs = clock.elapsedMs();
      // A lost hint does no harm.
      node.run({ do: "typing", room: current.room.id }).catch((error: unknown) => {
        if (!(error instanceof CommandFailure)) throw error;
      });
    },
  };
}
