#!/usr/bin/env node
// The start of the command, which every Node since 12 can read: what is newer stands in command.ts.
import { versionComplaint } from "../compute/node-version.ts";

const complaint = versionComplaint(process.versions.node);
if (complaint === undefined) void import("./command.ts");
else {
  process.stderr.write(`sulcus: ${complaint}\n`);
  process.exitCode = 1;
}
