/** Looks at each queue of a node whenever something is put into it: none may hold more than its limit says. */

import { Connection } from "../../../src/net/connection.ts";
import { LOG_WRITER_BYTES_MAX, LogWriter } from "../../../src/node/room/log_writer.ts";
import { ENTRY_LINE_BYTES_MAX } from "../../../src/room/entry.ts";
import { SEND_QUEUE_BYTES_MAX } from "../../../src/wire/send_queue.ts";
import { RECORD_BYTES_MAX } from "../../../src/wire/record.ts";
import { STREAM_LAG_BYTES_MAX } from "../../../src/wire/broadcast_stream.ts";
import type { Scene } from "./scene.ts";

/** What a link holds at most: its own records, and what it has sealed of the streams that it carries. */
const LINK_BYTES_MAX = SEND_QUEUE_BYTES_MAX + STREAM_LAG_BYTES_MAX;
/** What waits for a disk at most: the last that is let in is let in whole, and one's own line always is. */
const KEEPING_MAX = LOG_WRITER_BYTES_MAX + RECORD_BYTES_MAX + ENTRY_LINE_BYTES_MAX;

/** Watches all queues of this process from now on, until it is disposed of. */
export function watchQueues(scene: Scene): Disposable {
  const { send } = Connection.prototype;
  const { keep } = LogWriter.prototype;
  Connection.prototype.send = function (record) {
    send.call(this, record);
    if (this.queuedBytes > LINK_BYTES_MAX) scene.blame(`${this.queuedBytes} bytes wait for one peer`);
  };
  LogWriter.prototype.keep = function (entries) {
    const kept = keep.call(this, entries);
    if (this.pendingBytes > KEEPING_MAX) scene.blame(`${this.pendingBytes} bytes wait for a disk`);
    return kept;
  };
  return {
    [Symbol.dispose]: () => {
      Connection.prototype.send = send;
      LogWriter.prototype.keep = keep;
    },
  };
}
