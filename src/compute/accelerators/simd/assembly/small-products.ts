// Products with a small inner or outer size, where a matrix library spends its time on packing: patches of few places.
// Strides are bytes, sizes elements.

/**
 * out[o, r, f] = sum_q patches[o, r, q] weights[o, q, f]: rows r share the weights, four at a time; o walks over weights
 * (groups, or positions with weights of their own).
 */
export function driveRows(
  patches: usize,
  weights: usize,
  out: usize,
  outer: usize,
  outerPatch: usize,
  outerWeights: usize,
  outerOut: usize,
  rows: usize,
  rowPatch: usize,
  rowOut: usize,
  patch: usize,
  filters: usize,
): void {
  const fours = rows & ~3;
  for (let o: usize = 0; o < outer; o++) {
    const given = patches + o * outerPatch;
    const weight = weights + o * outerWeights;
    const target = out + o * outerOut;
    for (let r: usize = 0; r < fours; r += 4)
      fourRows(given + r * rowPatch, rowPatch, weight, target + r * rowOut, rowOut, patch, filters);
    for (let r = fours; r < rows; r++)
      oneRow(given + r * rowPatch, weight, target + r * rowOut, patch, filters, 0);
  }
}

function fourRows(
  patches: usize,
  rowPatch: usize,
  weights: usize,
  out: usize,
  rowOut: usize,
  patch: usize,
  filters: usize,
): void {
  const eights = (filters & ~7) << 2;
  const row = filters << 2;
  const end = patches + (patch << 2);
  const third = rowPatch << 1;
  const fourth = third + rowPatch;
  for (let f: usize = 0; f < eights; f += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    let w = weights + f;
    for (let q = patches; q < end; q += 4) {
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      const a = v128.load32_splat(q);
      a0 = f32x4.add(a0, f32x4.mul(a, w0));
      a1 = f32x4.add(a1, f32x4.mul(a, w1));
      const b = v128.load32_splat(q + rowPatch);
      b0 = f32x4.add(b0, f32x4.mul(b, w0));
      b1 = f32x4.add(b1, f32x4.mul(b, w1));
      const c = v128.load32_splat(q + third);
      c0 = f32x4.add(c0, f32x4.mul(c, w0));
      c1 = f32x4.add(c1, f32x4.mul(c, w1));
      const d = v128.load32_splat(q + fourth);
      d0 = f32x4.add(d0, f32x4.mul(d, w0));
      d1 = f32x4.add(d1, f32x4.mul(d, w1));
      w += row;
    }
    let target = out + f;
    v128.store(target, a0);
    v128.store(target, a1, 16);
    target += rowOut;
    v128.store(target, b0);
    v128.store(target, b1, 16);
    target += rowOut;
    v128.store(target, c0);
    v128.store(target, c1, 16);
    target += rowOut;
    v128.store(target, d0);
    v128.store(target, d1, 16);
  }
  let rest = eights;
  if (rest + 16 <= row) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let w = weights + rest;
    for (let q = patches; q < end; q += 4) {
      const factors = v128.load(w);
      a = f32x4.add(a, f32x4.mul(v128.load32_splat(q), factors));
      b = f32x4.add(b, f32x4.mul(v128.load32_splat(q + rowPatch), factors));
      c = f32x4.add(c, f32x4.mul(v128.load32_splat(q + third), factors));
      d = f32x4.add(d, f32x4.mul(v128.load32_splat(q + fourth), factors));
      w += row;
    }
    const target = out + rest;
    v128.store(target, a);
    v128.store(target + rowOut, b);
    v128.store(target + 2 * rowOut, c);
    v128.store(target + 3 * rowOut, d);
    rest += 16;
  }
  if (rest < row)
    for (let r: usize = 0; r < 4; r++)
      oneRow(patches + r * rowPatch, weights, out + r * rowOut, patch, filters, rest);
}

/** One row from byte `from` of its filters on. */
function oneRow(patches: usize, weights: usize, out: usize, patch: usize, filters: usize, from: usize): void {
  const fours = (filters & ~3) << 2;
  const row = filters << 2;
  const end = patches + (patch << 2);
  let f = from;
  for (; f < fours; f += 16) {
    let sum = f32x4.splat(0);
    let w = weights + f;
    for (let q = patches; q < end; q += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(q), v128.load(w)));
      w += row;
    }
    v128.store(out + f, sum);
  }
  for (; f < row; f += 4) {
    let sum: f32 = 0;
    let w = weights + f;
    for (let q = patches; q < end; q += 4) {
      sum += load<f32>(q) * load<f32>(w);
      w += row;
    }
    store<f32>(out + f, sum);
  }
}

/** Rows of errors that stay in the first cache while all places of the patch pass over them. */
const block: usize = 96;

/** update[f, q] += sum_r error[r, f] patches[r, q]; rows of errors and patches lie `rowError` and `rowPatch` apart. */
export function updateRows(
  error: usize,
  rowError: usize,
  patches: usize,
  rowPatch: usize,
  update: usize,
  rows: usize,
  patch: usize,
  filters: usize,
): void {
  for (let r: usize = 0; r < rows; r += block)
    updateBlock(
      error + r * rowError,
      rowError,
      patches + r * rowPatch,
      rowPatch,
      update,
      min(block, rows - r),
      patch,
      filters,
    );
}

function updateBlock(
  error: usize,
  rowError: usize,
  patches: usize,
  rowPatch: usize,
  update: usize,
  rows: usize,
  patch: usize,
  filters: usize,
): void {
  const fours = (filters & ~3) << 2;
  const place = patch << 2;
  const triples = (patch / 3) * 12;
  for (let f: usize = 0; f < fours; f += 16) {
    let q: usize = 0;
    for (; q < triples; q += 12) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let e = error + f;
      let p = patches + q;
      for (let r: usize = 0; r < rows; r++) {
        const factors = v128.load(e);
        s0 = f32x4.add(s0, f32x4.mul(factors, v128.load32_splat(p)));
        s1 = f32x4.add(s1, f32x4.mul(factors, v128.load32_splat(p, 4)));
        s2 = f32x4.add(s2, f32x4.mul(factors, v128.load32_splat(p, 8)));
        e += rowError;
        p += rowPatch;
      }
      const target = update + ((f * patch) + q);
      addLanes(target, place, s0);
      addLanes(target + 4, place, s1);
      addLanes(target + 8, place, s2);
    }
    for (; q < place; q += 4) {
      let sum = f32x4.splat(0);
      let e = error + f;
      let p = patches + q;
      for (let r: usize = 0; r < rows; r++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(e), v128.load32_splat(p)));
        e += rowError;
        p += rowPatch;
      }
      addLanes(update + ((f * patch) + q), place, sum);
    }
  }
  for (let f = fours; f < filters << 2; f += 4)
    for (let q: usize = 0; q < place; q += 4) {
      let sum: f32 = 0;
      for (let r: usize = 0; r < rows; r++)
        sum += load<f32>(error + r * rowError + f) * load<f32>(patches + r * rowPatch + q);
      const target = update + ((f * patch) + q);
      store<f32>(target, load<f32>(target) + sum);
    }
}

/** Adds the four lanes to four values `stride` bytes apart. */
function addLanes(target: usize, stride: usize, lanes: v128): void {
  store<f32>(target, load<f32>(target) + f32x4.extract_lane(lanes, 0));
  store<f32>(target + stride, load<f32>(target + stride) + f32x4.extract_lane(lanes, 1));
  store<f32>(target + 2 * stride, load<f32>(target + 2 * stride) + f32x4.extract_lane(lanes, 2));
  store<f32>(target + 3 * stride, load<f32>(target + 3 * stride) + f32x4.extract_lane(lanes, 3));
}
