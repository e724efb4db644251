/** Parses the commands that come over the control address and from the page, by the schema in api/command_schema.ts. */

import * as v from "valibot";
import { type Command, COMMAND_SCHEMAS, type NodeCommandName } from "../../api/command_schema.ts";

/** The command that a JSON value stands for, or what is wrong with it. */
export function parseCommand(value: unknown): Command | { readonly problem: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: "A command is a JSON object" };
  }
  const name = "do" in value ? value.do : undefined;
  if (typeof name !== "string" || !isCommandName(name)) {
    return { problem: 'There is no command of that "do"' };
  }
  const schema = COMMAND_SCHEMAS[name];
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(schema.entries, key)) {
      return { problem: `The command "${name}" has no field of that name` };
    }
  }
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const key = String(issues[0].path?.[0].key);
  const fields: v.ObjectEntries = schema.entries;
  return { problem: `"${key}" of the command "${name}" must be ${describeField(fields[key])}` };
}

function isCommandName(name: string): name is NodeCommandName {
  return Object.hasOwn(COMMAND_SCHEMAS, name);
}

/** The rule of a field; an optional field has it in the schema that it wraps. */
function describeField(field: v.ObjectEntries[string] | undefined): string {
  if (field === undefined) return "right";
  return v.getDescription(
    field.type === "exact_optional" && "wrapped" in field ? field.wrapped : field,
  ) ?? "right";
}
