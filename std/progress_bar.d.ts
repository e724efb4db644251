/** A bar of `barsize` characters, of which the first part is `barCompleteString`; `progress` from 0 to 1. */
export default function formatBar(
  progress: number,
  options: {
    readonly barsize: number;
    readonly barCompleteString: string;
    readonly barIncompleteString: string;
    readonly barGlue: string;
  },
): string;
