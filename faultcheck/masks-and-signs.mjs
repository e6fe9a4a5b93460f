import { createLearner } from "../dist/experiments/learner.js";
import { parseRun } from "../dist/experiments/run-description.js";
import * as S from "../dist/index.js";
const net = S.circuit("ei", c=>{c.steps(3);const x=c.input("x",{units:6});const h=c.population("h",{units:12,gain:"relu",leak:0.5,noise:0.1,inhibitoryFraction:0.25});const i=c.population("inh",{units:6,gain:"relu"});const y=c.population("report",{units:3});
 c.project(x,h,{sign:"excitatory"});c.project(h,h,{delay:1,topology:S.sparse({density:0.3}),sign:"dale"});c.project(h,i,{topology:S.sparse({connections:10}),sign:"excitatory"});c.project(i,y,{sign:"inhibitory"});c.project(h,y,{topology:S.sparse({density:0.5}),sign:"dale"});});
const B=8; const opts=[{kind:"sgd",rate:0.5},{kind:"momentum",rate:0.2,momentum:0.95},{kind:"adam",rate:0.05},{kind:"adamw",rate:0.05,decay:1},{kind:"adamw",rate:0.05,decay:30}];
const rules=[{kind:"bp"},{kind:"fa"},{kind:"dfa"},{kind:"node-perturbation"}];
for(const rule of rules) for(const optimiser of opts){
 const d=parseRun({circuit:net,task:{kind:"digits"},rule,optimiser,batch:B,seed:3,device:"cpu"}); const L=await createLearner(d); const r=S.randomStream(5,"data");
 const before=await L.readState(); let bad=0,msg="";
 for(let step=0;step<60;step++){const n=step%2?B:5; const st=new Float32Array(6*B);for(let k=0;k<6*n;k++)st[k]=r.normal();const lab=new Float32Array(B);for(let k=0;k<n;k++)lab[k]=r.integer(0,2);
  const w=new Float32Array(B).fill(1/n,0,n); await L.train([{stimuli:[[st]],labels:[lab],weights:w,context:{},factors:{},count:n,round:"r"+step,trials:Uint32Array.from({length:n},(_,i)=>i)}],step);
  const s=await L.readState();
  for(const p of L.network.projections){ if(!p.weight) continue; const W=s[p.weight].data, M=p.maskName?s[p.maskName].data:undefined; const pre=p.weights.pre;
   for(let k=0;k<W.length;k++){ const inh=p.sign==="inhibitory"||(p.sign==="dale"&&k%pre>=p.inhibitoryFrom); const exc=p.sign==="excitatory"||(p.sign==="dale"&&!inh);
     if(M&&M[k]===0&&W[k]!==0){bad++;msg="mask "+p.name} if(inh&&W[k]>0){bad++;msg="sign "+p.name} if(exc&&W[k]<0){bad++;msg="sign "+p.name} if(!Number.isFinite(W[k])){bad++;msg="nan "+p.name} } }
 }
 const s=await L.readState(); let fb=0; for(const n of Object.keys(s)) if(n.startsWith("feedback/")||n.endsWith("/mask")) for(let k=0;k<s[n].data.length;k++) if(s[n].data[k]!==before[n].data[k]) fb++;
 const dead=L.network.projections.filter(p=>p.weight).map(p=>p.name+":"+s[p.weight].data.filter((v,k)=>v===0&&!(p.maskName&&s[p.maskName].data[k]===0)).length+"/"+(p.maskName?s[p.maskName].data.filter(v=>v===1).length:s[p.weight].data.length)).join(" ");
 console.log(rule.kind,optimiser.kind,optimiser.decay??"", "violations",bad,msg,"fixed values changed",fb, "at the bound:",dead); await L.dispose();
}
