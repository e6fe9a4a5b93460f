// every test trial is the same black image: only the circuit's own noise decides
import { createLearner } from "../dist/experiments/learner.js";
import { parseRun } from "../dist/experiments/run-description.js";
import * as S from "../dist/index.js";
const net = S.circuit("noisy", c=>{const x=c.input("x",{units:4});const h=c.population("h",{units:5,noise:1,gain:"tanh"});const y=c.population("report",{units:3});c.project(x,h);c.project(h,y);});
const B=4;
const d = parseRun({circuit:net,task:{kind:"digits"},rule:{kind:"bp"},optimiser:{kind:"sgd",rate:0.1},batch:B,seed:1,device:"cpu"});
const L = await createLearner(d);
let round=0; const batch=()=>({round:"test",trials:Uint32Array.from({length:B},(_,i)=>B*round+i),stimuli:[[new Float32Array(4*B)]],labels:[new Float32Array(B)],weights:new Float32Array(B).fill(1/B),context:{},factors:{},count:B});
const ra=await L.look(batch(),0); const a={scores:ra.scores.slice()}; round=1; const b=await L.look(batch(),0);
console.log("scores of test batch 1", Array.from(a.scores).map(v=>v.toFixed(4)).join(" "));
console.log("scores of test batch 2", Array.from(b.scores).map(v=>v.toFixed(4)).join(" "));
await L.dispose();
