/** Accounts that exist everywhere, so that their names do not identify a user. */
const GENERIC_ACCOUNTS = ["root", "admin", "administrator", "user", "guest"];

const readVariable = (name: string) => Deno.env.get(name);

/** A suggested name: the account's name, or the computer's if that says more. Unchecked. */
export function suggestAccountName(env = readVariable): string {
  const account = env("USER") ?? env("USERNAME") ?? env("LOGNAME") ?? "";
  if (account !== "" && !GENERIC_ACCOUNTS.includes(account.toLowerCase())) return account;
  try {
    return Deno.hostname();
  } catch (error) {
    // Unavailable without --allow-sys.
    if (error instanceof Deno.errors.NotCapable) return account;
    throw error;
  }
}

/** Whether the environment allows colours (no-color.org). A dumb terminal has none. */
export function isColorAllowed(env = readVariable): boolean {
  return !env("NO_COLOR") && env("TERM") !== "dumb";
}
