/** Accounts that everybody has, so that their name says nothing about who it is. */
const GENERIC_ACCOUNTS = ["root", "admin", "administrator", "user", "guest"];

/** What a newcomer is called: the account's name, or the computer's where that says more. Not checked. */
export function suggestAccountName(): string {
  const account = Deno.env.get("USER") ?? Deno.env.get("USERNAME") ?? Deno.env.get("LOGNAME") ?? "";
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
export function isColorAllowed(): boolean {
  return !Deno.env.get("NO_COLOR") && Deno.env.get("TERM") !== "dumb";
}
