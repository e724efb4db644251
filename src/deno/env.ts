/** Accounts that everybody has, so that their name says nothing about who it is. */
const GENERIC_ACCOUNTS = ["root", "admin", "administrator", "user", "guest"];

const readVariable = (name: string) => Deno.env.get(name);

/** The suggested name of a new user: that of the account, or of the computer where every user has the same account. Not checked. */
export function suggestAccountName(env = readVariable): string {
  const account = env("USER") ?? env("USERNAME") ?? env("LOGNAME") ?? "";
  if (account !== "" && !GENERIC_ACCOUNTS.includes(account.toLowerCase())) return account;
  try {
    return Deno.hostname();
  } catch (error) {
    // Without --allow-sys it is not told.
    if (error instanceof Deno.errors.NotCapable) return account;
    throw error;
  }
}

/** Whether the environment allows colours: see no-color.org; a terminal that is called dumb knows none. */
export function isColorAllowed(env = readVariable): boolean {
  return !env("NO_COLOR") && env("TERM") !== "dumb";
}
