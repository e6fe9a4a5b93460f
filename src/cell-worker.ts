import { builtIn } from "./library.ts";
import { serveCells } from "./runs/execution/serve-cells.ts";

// What a worker process of a collection loads.

export default serveCells(builtIn);
