/** Looks at each queue of a node whenever something is put into it: none may hold more than its limit says. */

import { Link } from "../../../src/net/pump.ts";
import { Keeping, KEEPING_BYTES_MAX } from "../../../src/node/keeping.ts";
import { ENTRY_LINE_BYTES_MAX } from "../../../src/room/entry.ts";
import { SEND_QUEUE_BYTES_MAX } from "../../../src/wire/queue.ts";
import { RECORD_BYTES_MAX } from "../../../src/wire/record.ts";
import { STREAM_LAG_BYTES_MAX } from "../../../src/wire/stream.ts";
import type { Scene } from "./scene.ts";

/** What a link holds at most: its own records, and what it has sealed of the streams that it carries. */
const LINK_BYTES_MAX = SEND_QUEUE_BYTES_MAX + STREAM_LAG_BYTES_MAX;
/** What waits for a disk at most: the last that is let in is let in whole, and one's own line always is. */
const KEEPING_MAX = KEEPING_BYTES_MAX + RECORD_BYTES_MAX + ENTRY_LINE_BYTES_MAX;

/** Watches all queues of this process from now on, until it is disposed of. */
export function watchQueues(scene: Scene): Disposable {
  const { send } = Link.prototype;
  const { keep } = Keeping.prototype;
  Link.prototype.send = function (record) {
    send.call(this, record);
    if (this.queuedBytes > LINK_BYTES_MAX) scene.blame(`${this.queuedBytes} bytes wait for one peer`);
  };
  Keeping.prototype.keep = function (entries) {
    const kept = keep.call(this, entries);
    if (this.pendingBytes > KEEPING_MAX) scene.blame(`${this.pendingBytes} bytes wait for a disk`);
    return kept;
  };
  return {
    [Symbol.dispose]: () => {
      Link.prototype.send = send;
      Keeping.prototype.keep = keep;
    },
  };
}
