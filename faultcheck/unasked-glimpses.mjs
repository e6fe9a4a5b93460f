// 4 scenes of ONE object each, shown for 2 glimpses; the circuit names every object wrongly
import { createLearner } from "../dist/experiments/learner.js";
import { parseRun } from "../dist/experiments/run-description.js";
import * as S from "../dist/index.js";
const net=S.circuit("one-object",c=>{const x=c.input("scene",{units:4});const g=c.population("gated-1",{units:4,bias:"none"});const y=c.population("report",{units:2});c.project(x,g,{topology:S.oneToOne()});c.project(g,y)});
const B=4; const d=parseRun({circuit:net,task:{kind:"digits"},objective:S.attendedObject({objects:2}),rule:{kind:"bp"},optimiser:{kind:"sgd",rate:.1},batch:B,seed:1,device:"cpu"});
for (const [what,bias] of [["always names class 1, the right one is 0",[0,5]],["always right",[5,0]],["one NaN weight",[NaN,0]]]) {
 const L=await createLearner(d,2); const st=await L.readState(); for(const n in st) st[n].data.fill(0); st["report/bias"].data.set(bias); await L.writeState(st);
 const obj=new Float32Array(B*8), sc=new Float32Array(B*4); for(let b=0;b<B;b++) for(let k=0;k<4;k++){sc[b*4+k]=0.5;obj[b*8+k]=0.5}
 const batch={stimuli:[[sc]],labels:[],weights:new Float32Array(B).fill(1/B),context:{objects:obj,objectLabels:new Float32Array(2*B),objectWeights:Float32Array.from({length:2*B},(_, i)=>i%2?0:1),present:Float32Array.from({length:2*B},(_, i)=>i%2?0:1)},factors:{},count:B,round:"r",trials:Uint32Array.from({length:B},(_,i)=>i)};
 const t=await L.evaluate([batch]); console.log(what,"->",JSON.stringify(t),"reported error",t.wrong/t.count); await L.dispose();
}
