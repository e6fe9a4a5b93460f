import { createLearner } from "../dist/experiments/learner.js";
import { parseRun } from "../dist/experiments/run-description.js";
import * as S from "../dist/index.js";
const net = S.circuit("one", c=>{const x=c.input("x",{units:4});const y=c.population("report",{units:3});c.project(x,y);});
const d = parseRun({circuit:net,task:{kind:"digits"},rule:{kind:"bp"},optimiser:{kind:"sgd",rate:0.1},batch:2,seed:1,device:"cpu"});
const L = await createLearner(d);
const batch=()=>({stimuli:[[Float32Array.of(1,0.5,-0.3,0.2, 0.1,0.2,0.3,0.4)]],labels:[Float32Array.of(0,0)],weights:Float32Array.of(.5,.5),context:{},factors:{},count:2,round:"r",trials:Uint32Array.of(0,1)});
for (const b of [0,10,20,30,40,45,48,50,55,60,80]) {
  const st=await L.readState(); const names=Object.keys(st);
  const z={}; for(const n of names) z[n]={data:new Float32Array(st[n].data.length)};
  z["report/bias"].data.set([b,0,1]);
  await L.writeState(z);
  const a=await L.align(batch());
  console.log("logit of the right class",b, JSON.stringify(a));
}
await L.dispose();
