/** Something that a process has open and the system has to clear away after it. */
export interface Opened {
  /** The process died: the system closes it towards the network, and nobody here is told. */
  orphan(): void;
  /** The machine lost power: neither the network nor anybody here is told. */
  vanish(): void;
}

/** A process as the network sees it. */
export interface Life {
  isOver: boolean;
  readonly opened: Set<Opened>;
}

/** What a call of a process that is over gives: nothing, ever. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
