/** Accounts that everybody has, so that their name says nothing about who it is. */
const GENERIC_ACCOUNTS = ["root", "admin", "administrator", "user", "guest"];

/** Reads one environment variable. */
export type ReadVariable = (name: string) => string | undefined;

const readVariable: ReadVariable = (name) => Deno.env.get(name);

/** The suggested name of a new user: that of the account, or of the computer where every user has the same account. Not checked. */
export function suggestAccountName(read: ReadVariable = readVariable): string {
  const account = read("USER") ?? read("USERNAME") ?? read("LOGNAME") ?? "";
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
export function isColorAllowed(read: ReadVariable = readVariable): boolean {
  return !read("NO_COLOR") && read("TERM") !== "dumb";
}
