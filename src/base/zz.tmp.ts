import { parseJson, canonicalJson, toJson } from "/work/main/src/base/json.ts";
const deep="[".repeat(200000)+"]".repeat(200000);
console.log(parseJson(deep)); try{console.log(parseJson(deep,{maxDepth:1e6}).ok)}catch(e){console.log("threw",String(e))}
const p=parseJson(deep,{maxDepth:Infinity}); console.log(p.ok);
try{ if(p.ok) canonicalJson(p.value)}catch(e){console.log("canon threw",(e as Error).name)}
try{ if(p.ok) toJson(p.value,"it")}catch(e){console.log("toJson", String(e).slice(0,90))}
console.log(parseJson('{"__proto__":{"a":1}}'), parseJson("1e999"));
import {z} from "zod"; import { inputJsonSchema } from "/work/main/src/base/schema.ts";
console.log(JSON.stringify(inputJsonSchema(z.intersection(z.object({a:z.string()}),z.object({b:z.object({c:z.string()})})))));
console.log(JSON.stringify(inputJsonSchema(z.object({default:z.object({x:z.number()}),properties:z.object({enum:z.string()}), r:z.record(z.string(),z.object({q:z.string()})), l:z.looseObject({a:z.string()}), s: z.strictObject({}), e: z.object({}), u: z.union([z.object({k:z.string()}),z.null()]), t: z.tuple([z.object({a:z.string()})]), d: z.object({y:z.number()}).default({y:1})}))));
