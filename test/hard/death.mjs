// Loaded before the command (node --import): ends it at the moment that SULCUS_TEST_DEATH names, as JSON:
// { event, step, writes?, signal }. The moment is the event of that type and step on stdout, or, with `writes`, the middle of
// the write to a file that comes that many writes of more than a byte (a heartbeat) after it. SIGKILL leaves no time for anything; SIGINT asks to stop.
import { open } from "node:fs/promises";

const { event, step, writes, signal } = JSON.parse(process.env.SULCUS_TEST_DEATH);
let come = false;

function die() {
  // Not by a signal, which would take effect some steps later.
  if (signal === "SIGINT") process.emit("SIGINT");
  else process.kill(process.pid, "SIGKILL");
}

const tell = process.stdout.write;
process.stdout.write = function (text, ...rest) {
  const written = tell.call(this, text, ...rest);
  const told = JSON.parse(text || "{}");
  if (told.type === event && told.step === step) {
    if (writes === undefined) die();
    else come = true;
  }
  return written;
};

if (writes !== undefined) {
  const file = await open(process.execPath);
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  const { write } = prototype;
  let done = 0;
  prototype.write = async function (bytes, ...rest) {
    if (come && bytes.length > 1 && done++ === writes) {
      await write.call(this, bytes.subarray(0, bytes.length >> 1));
      die();
    }
    return write.call(this, bytes, ...rest);
  };
}
