/** Commands to talk: the chat, and one message. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { QUIT } from "../chat/parse_input.ts";
import { defineSlash, splitFirstWord } from "../chat/slash_command.ts";
import { startChat } from "../chat/start_chat.ts";
import { joinArgs, requireArg } from "../command_line/command_input.ts";
import { quoteToken } from "../command_line/tokens.ts";
import { checkText, parseSeconds } from "../command_line/value_parsers.ts";
import { defineCommand, type RunContext } from "./define_command.ts";
import { showPage } from "../operations/node_and_log.ts";
import { sendMessage } from "../operations/send_message.ts";

/** The default of `send --timeout`. */
const WAIT_MS = 30_000;

const TO = 'TO is "#room" (in quotes: a shell takes # for a comment), a name, or the start of an id.';

const CHAT = defineCommand({
  name: "",
  summary: "start the chat: see who is here, and talk in rooms or with one person",
  more: [
    "Starts a node and shows what happens. Type /help in the chat to see its commands. If earshot already runs with this home, the chat uses it.",
    "Lines that are piped in are treated as typed lines, and earshot ends after the last one. Without any input it stays as a node.",
  ],
  examples: ["earshot", "earshot --name alice", "earshot --port 9999"],
  parse: () => ({ do: "chat", to: null }),
  run: async ({ to }, context) =>
    isByDoubleClick(context)
      ? await showPage(context)
      : await startChat(context, { to, slashes: context.slashes }),
});

const CHAT_WITH = defineCommand({
  name: "chat",
  args: "[TO]",
  summary: "start the chat with this room or person open",
  more: [
    TO,
    "With --plain, lines on the screen never change once they are written: for screen readers, and for terminals without a movable cursor.",
  ],
  examples: ['earshot chat "#Kitchen"', "earshot chat bob --plain"],
  parse: (input) => ({ do: "chat", to: joinArgs(input).trim() === "" ? null : joinArgs(input) }),
  run: async ({ to }, context) =>
    to === null && isByDoubleClick(context)
      ? await showPage(context)
      : await startChat(context, { to, slashes: context.slashes }),
  slash: {
    name: "go",
    args: "[NAME|NUMBER]",
    summary: "switch to another conversation (Alt+1, Alt+2, …)",
    more: [
      "Alt+1 to Alt+0 are keys for the first ten.",
      "Without a name: the next conversation with unread messages (Alt+A).",
    ],
    completes: ["conversation"],
    helpRank: 4,
    isRetried: true,
    opensConversation: true,
    parse: ({ text }) => ({ do: "go", to: text === "" ? null : text }),
    run: async ({ to }, { opener }) => await opener.go(to),
  },
});

const SEND = defineCommand({
  name: "send",
  args: "TO TEXT|-",
  summary: "send a message to a room or a person",
  more: [
    `${TO} TEXT may be several words; "-" reads it from standard input (64 KiB at most).`,
    "The command is done when the text is saved on this disk: it is delivered as soon as a recipient is nearby. --wait passed waits until one other device has it, --wait everywhere until every member has it. If that takes longer than --timeout, the exit code is 3; the text is still saved and will be delivered.",
  ],
  examples: [
    'earshot send "#Kitchen" tea is ready',
    "earshot send bob hello --wait passed",
    'uptime | earshot send "#Kitchen" -',
  ],
  options: [
    { name: "wait", value: "passed|everywhere", summary: "wait until the text is delivered" },
    { name: "timeout", value: "SECONDS", summary: "the longest wait for that (30)" },
  ],
  parse: ({ command, args, options }) => {
    const [to, ...rest] = args;
    const until = options.value("wait");
    if (until !== null && until !== "passed" && until !== "everywhere") {
      throw new UsageError(message("value.wait", { text: quoteToken(until) }));
    }
    const timeout = options.value("timeout");
    if (timeout !== null && until === null) {
      throw new UsageError(
        message("option.needs", { option: "--timeout", others: ["--wait passed", "--wait everywhere"] }),
      );
    }
    const isFromInput = rest.length === 1 && rest[0]?.text === "-" && !rest[0].isLiteral;
    return {
      do: "send",
      to: requireArg(to?.text, "TO", command),
      text: isFromInput ? null : checkText(requireArg(joinArgs({ args: rest }), "TEXT", command)),
      until,
      timeoutMs: timeout === null ? WAIT_MS : parseSeconds(timeout, "--timeout"),
    };
  },
  run: sendMessage,
  slash: {
    name: "msg",
    args: "NAME [TEXT]",
    summary: "talk to one person",
    more: ["Without a text it opens the conversation: your next lines go there."],
    completes: ["peer"],
    helpRank: 3,
    isRetried: true,
    opensConversation: true,
    parse: (input) => {
      const { first: to, rest: text } = splitFirstWord(input);
      return { do: "message", to, text: text === "" ? null : checkText(text) };
    },
    run: async ({ to, text }, { chatView, environment, opener, say }) => {
      // Where nothing is open, the next line is most likely for the same person.
      if (text === null || (chatView.open === null && environment.console.isInTerminal)) {
        await opener.openWith(to);
      }
      if (text !== null) await say(to, text);
    },
  },
});

/** In the order of help. */
export const CHAT_COMMANDS = [CHAT, CHAT_WITH, SEND] as const;

/** The end of the chat. */
export const QUIT_SLASH = defineSlash({
  name: QUIT,
  summary: "end the chat (so does Ctrl-D)",
  helpRank: 13,
  parse: () => ({ do: "quit" }),
  // The session ends before it would run this.
  run: () => Promise.resolve(),
});

/** A file manager gives a program no terminal. Then earshot shows its page, also that of an earshot that already runs. */
function isByDoubleClick(
  { environment: { console, desktop }, globalOptions: { isBrowserOff, isPageOff } }: RunContext,
): boolean {
  const isSeen = console.hasInput || console.isOutTerminal || !desktop.isThere;
  return !isSeen && !isBrowserOff && !isPageOff;
}
