import { nodeLibrary } from "./node-library.ts";
import { serveCells } from "./runs/execution/serve-cells.ts";

// What a worker process of a collection loads.

export default serveCells(nodeLibrary);
