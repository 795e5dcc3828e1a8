// Generated from schema/oplead.openapi.yaml by scripts/make-request-checks.ts, which overwrites it: change the document, not this file.
// Plain JavaScript, as the validator writes it.
// @ts-nocheck
function E(s,n){return n.find(p=>N(s,p))}function N(s,n){let[p,a]=[w(s),w(n)];if(p===a)return!0;if(Math.abs(p.length-a.length)>1||a.length<5||/\d/.test(p))return!1;
let i=[...a].findIndex((o,l)=>o!==p[l]),e=i<0?a.length:i,[t,r]=[p.slice(e),a.slice(e)];return t.slice(1)===r||t===r.slice(1)||t.slice(1)===r.slice(1)||t[0]===r[1]&&
t[1]===r[0]&&t.slice(2)===r.slice(2)}function w(s){return s.replace(/[\s_-]/g,"").toLowerCase()}var T=v;var I=/^[^\s@]+@[^\s@]+\.[^\s@]+$/;function m(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.code===void 0){
let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"code"},message:"must have required property 'code'"};e===null?e=[r]:e.
push(r),t++}if(s.code!==void 0&&typeof s.code!="string"){let r={instancePath:n+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type:"string"},
message:"must be string"};e===null?e=[r]:e.push(r),t++}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be ob\
ject"};e===null?e=[r]:e.push(r),t++}return m.errors=e,t===0}function h(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&
typeof s=="object"&&!Array.isArray(s)){if(s.zipCode===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"zipCode"},
message:"must have required property 'zipCode'"};e===null?e=[r]:e.push(r),t++}if(s.city===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"require\
d",params:{missingProperty:"city"},message:"must have required property 'city'"};e===null?e=[r]:e.push(r),t++}if(s.country===void 0){let r={instancePath:n,schemaPath:"\
#/required",keyword:"required",params:{missingProperty:"country"},message:"must have required property 'country'"};e===null?e=[r]:e.push(r),t++}if(s.street!==void 0&&
typeof s.street!="string"){let r={instancePath:n+"/street",schemaPath:"#/properties/street/type",keyword:"type",params:{type:"string"},message:"must be string"};
e===null?e=[r]:e.push(r),t++}if(s.zipCode!==void 0&&typeof s.zipCode!="string"){let r={instancePath:n+"/zipCode",schemaPath:"#/properties/zipCode/type",keyword:"\
type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}if(s.city!==void 0&&typeof s.city!="string"){let r={instancePath:n+"/city",schemaPath:"\
#/properties/city/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}s.country!==void 0&&(m(s.country,{instancePath:n+
"/country",parentData:s,parentDataProperty:"country",rootData:i})||(e=e===null?m.errors:e.concat(m.errors),t=e.length))}else{let r={instancePath:n,schemaPath:"#\
/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[r]:e.push(r),t++}return h.errors=e,t===0}function g(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.code===void 0){
let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"code"},message:"must have required property 'code'"};e===null?e=[r]:e.
push(r),t++}if(s.code!==void 0&&typeof s.code!="string"){let r={instancePath:n+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type:"string"},
message:"must be string"};e===null?e=[r]:e.push(r),t++}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be ob\
ject"};e===null?e=[r]:e.push(r),t++}return g.errors=e,t===0}function b(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0,r=t,o=!1,l=null,y=t;if(typeof s!="string"){let c={instancePath:n,
schemaPath:"#/oneOf/0/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[c]:e.push(c),t++}var f=y===t;f&&(o=!0,l=0);let x=t;if(!(typeof s==
"number"&&!(s%1)&&!isNaN(s))){let c={instancePath:n,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type:"integer"},message:"must be integer"};e===null?e=[c]:
e.push(c),t++}var f=x===t;if(f&&o?(o=!1,l=[l,1]):f&&(o=!0,l=1),o)t=r,e!==null&&(r?e.length=r:e=null);else{let c={instancePath:n,schemaPath:"#/oneOf",keyword:"on\
eOf",params:{passingSchemas:l},message:"must match exactly one schema in oneOf"};e===null?e=[c]:e.push(c),t++}return b.errors=e,t===0}function d(s,{instancePath:n="",
parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.civility!==void 0&&typeof s.civility!="stri\
ng"){let r={instancePath:n+"/civility",schemaPath:"#/properties/civility/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.
push(r),t++}if(s.firstname!==void 0&&typeof s.firstname!="string"){let r={instancePath:n+"/firstname",schemaPath:"#/properties/firstname/type",keyword:"type",params:{
type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}if(s.lastname!==void 0&&typeof s.lastname!="string"){let r={instancePath:n+"/lastname",schemaPath:"\
#/properties/lastname/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}if(s.login!==void 0&&typeof s.login!="s\
tring"){let r={instancePath:n+"/login",schemaPath:"#/properties/login/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(
r),t++}if(s.email!==void 0){let r=s.email;if(typeof r=="string"){if(!I.test(r)){let o={instancePath:n+"/email",schemaPath:"#/properties/email/format",keyword:"f\
ormat",params:{format:"email"},message:'must match format "email"'};e===null?e=[o]:e.push(o),t++}}else{let o={instancePath:n+"/email",schemaPath:"#/properties/e\
mail/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[o]:e.push(o),t++}}if(s.phone!==void 0&&typeof s.phone!="string"){let r={instancePath:n+
"/phone",schemaPath:"#/properties/phone/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}if(s.mobile!==void 0&&
typeof s.mobile!="string"){let r={instancePath:n+"/mobile",schemaPath:"#/properties/mobile/type",keyword:"type",params:{type:"string"},message:"must be string"};
e===null?e=[r]:e.push(r),t++}if(s.company!==void 0&&typeof s.company!="string"){let r={instancePath:n+"/company",schemaPath:"#/properties/company/type",keyword:"\
type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}if(s.accountNumber!==void 0&&typeof s.accountNumber!="string"){let r={instancePath:n+
"/accountNumber",schemaPath:"#/properties/accountNumber/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[r]:e.push(r),t++}s.address!==
void 0&&(h(s.address,{instancePath:n+"/address",parentData:s,parentDataProperty:"address",rootData:i})||(e=e===null?h.errors:e.concat(h.errors),t=e.length)),s.profile!==
void 0&&(g(s.profile,{instancePath:n+"/profile",parentData:s,parentDataProperty:"profile",rootData:i})||(e=e===null?g.errors:e.concat(g.errors),t=e.length)),s.parentUserIdentifier!==
void 0&&(b(s.parentUserIdentifier,{instancePath:n+"/parentUserIdentifier",parentData:s,parentDataProperty:"parentUserIdentifier",rootData:i})||(e=e===null?b.errors:
e.concat(b.errors),t=e.length))}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[r]:e.
push(r),t++}return d.errors=e,t===0}function v(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(d(s,{instancePath:n,parentData:p,
parentDataProperty:a,rootData:i})||(e=e===null?d.errors:e.concat(d.errors),t=e.length),s&&typeof s=="object"&&!Array.isArray(s)){if(s.civility===void 0){let r={
instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"civility"},message:"must have required property 'civility'"};e===null?e=[r]:e.
push(r),t++}if(s.lastname===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"lastname"},message:"must have requ\
ired property 'lastname'"};e===null?e=[r]:e.push(r),t++}if(s.login===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"\
login"},message:"must have required property 'login'"};e===null?e=[r]:e.push(r),t++}if(s.email===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"\
required",params:{missingProperty:"email"},message:"must have required property 'email'"};e===null?e=[r]:e.push(r),t++}if(s.address===void 0){let r={instancePath:n,
schemaPath:"#/required",keyword:"required",params:{missingProperty:"address"},message:"must have required property 'address'"};e===null?e=[r]:e.push(r),t++}if(s.
profile===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"profile"},message:"must have required property 'prof\
ile'"};e===null?e=[r]:e.push(r),t++}}return v.errors=e,t===0}var S=C;function C(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,
t=0;if(d(s,{instancePath:n,parentData:p,parentDataProperty:a,rootData:i})||(e=e===null?d.errors:e.concat(d.errors),t=e.length),s&&typeof s=="object"&&!Array.isArray(
s)){if(s.civility===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"civility"},message:"must have required pro\
perty 'civility'"};e===null?e=[r]:e.push(r),t++}if(s.lastname===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"\
lastname"},message:"must have required property 'lastname'"};e===null?e=[r]:e.push(r),t++}if(s.login===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"\
required",params:{missingProperty:"login"},message:"must have required property 'login'"};e===null?e=[r]:e.push(r),t++}if(s.email===void 0){let r={instancePath:n,
schemaPath:"#/required",keyword:"required",params:{missingProperty:"email"},message:"must have required property 'email'"};e===null?e=[r]:e.push(r),t++}if(s.address===
void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"address"},message:"must have required property 'address'"};e===
null?e=[r]:e.push(r),t++}if(s.profile===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"profile"},message:"mus\
t have required property 'profile'"};e===null?e=[r]:e.push(r),t++}}return C.errors=e,t===0}var U=j;function u(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.code===void 0){
let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"code"},message:"must have required property 'code'"};e===null?e=[r]:e.
push(r),t++}if(s.code!==void 0&&typeof s.code!="string"){let r={instancePath:n+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type:"string"},
message:"must be string"};e===null?e=[r]:e.push(r),t++}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be ob\
ject"};e===null?e=[r]:e.push(r),t++}return u.errors=e,t===0}function q(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.handledCounty===
void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"handledCounty"},message:"must have required property 'handledC\
ounty'"};e===null?e=[r]:e.push(r),t++}if(s.handledCounty!==void 0){let r=s.handledCounty;if(r&&typeof r=="object"&&!Array.isArray(r)){if(r.number===void 0){let o={
instancePath:n+"/handledCounty",schemaPath:"#/properties/handledCounty/required",keyword:"required",params:{missingProperty:"number"},message:"must have require\
d property 'number'"};e===null?e=[o]:e.push(o),t++}if(r.number!==void 0&&typeof r.number!="string"){let o={instancePath:n+"/handledCounty/number",schemaPath:"#/\
properties/handledCounty/properties/number/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[o]:e.push(o),t++}}else{let o={instancePath:n+
"/handledCounty",schemaPath:"#/properties/handledCounty/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[o]:e.push(o),t++}}if(s.
handledPostCodeZips!==void 0){let r=s.handledPostCodeZips;if(Array.isArray(r)){let o=r.length;for(let l=0;l<o;l++)if(typeof r[l]!="string"){let y={instancePath:n+
"/handledPostCodeZips/"+l,schemaPath:"#/properties/handledPostCodeZips/items/type",keyword:"type",params:{type:"string"},message:"must be string"};e===null?e=[y]:
e.push(y),t++}}else{let o={instancePath:n+"/handledPostCodeZips",schemaPath:"#/properties/handledPostCodeZips/type",keyword:"type",params:{type:"array"},message:"\
must be array"};e===null?e=[o]:e.push(o),t++}}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===
null?e=[r]:e.push(r),t++}return q.errors=e,t===0}function k(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s==
"object"&&!Array.isArray(s)){if(s.handledCountry===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"handledCoun\
try"},message:"must have required property 'handledCountry'"};e===null?e=[r]:e.push(r),t++}if(s.handledCountry!==void 0&&(u(s.handledCountry,{instancePath:n+"/h\
andledCountry",parentData:s,parentDataProperty:"handledCountry",rootData:i})||(e=e===null?u.errors:e.concat(u.errors),t=e.length)),s.handledCounties!==void 0){let r=s.
handledCounties;if(Array.isArray(r)){let o=r.length;for(let l=0;l<o;l++)q(r[l],{instancePath:n+"/handledCounties/"+l,parentData:r,parentDataProperty:l,rootData:i})||
(e=e===null?q.errors:e.concat(q.errors),t=e.length)}else{let o={instancePath:n+"/handledCounties",schemaPath:"#/properties/handledCounties/type",keyword:"type",
params:{type:"array"},message:"must be array"};e===null?e=[o]:e.push(o),t++}}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},
message:"must be object"};e===null?e=[r]:e.push(r),t++}return k.errors=e,t===0}function j(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){
let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.handledCountries===void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{
missingProperty:"handledCountries"},message:"must have required property 'handledCountries'"};e===null?e=[r]:e.push(r),t++}if(s.handledCountries!==void 0){let r=s.
handledCountries;if(Array.isArray(r)){let o=r.length;for(let l=0;l<o;l++)k(r[l],{instancePath:n+"/handledCountries/"+l,parentData:r,parentDataProperty:l,rootData:i})||
(e=e===null?k.errors:e.concat(k.errors),t=e.length)}else{let o={instancePath:n+"/handledCountries",schemaPath:"#/properties/handledCountries/type",keyword:"type",
params:{type:"array"},message:"must be array"};e===null?e=[o]:e.push(o),t++}}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},
message:"must be object"};e===null?e=[r]:e.push(r),t++}return j.errors=e,t===0}var $=D;function D(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.maxDistance===
void 0){let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"maxDistance"},message:"must have required property 'maxDistanc\
e'"};e===null?e=[r]:e.push(r),t++}if(s.maxDistance!==void 0&&typeof s.maxDistance!="number"){let r={instancePath:n+"/maxDistance",schemaPath:"#/properties/maxDi\
stance/type",keyword:"type",params:{type:"number"},message:"must be number"};e===null?e=[r]:e.push(r),t++}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"\
type",params:{type:"object"},message:"must be object"};e===null?e=[r]:e.push(r),t++}return D.errors=e,t===0}var z=A;function P(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(s&&typeof s=="object"&&!Array.isArray(s)){if(s.range===void 0){
let r={instancePath:n,schemaPath:"#/required",keyword:"required",params:{missingProperty:"range"},message:"must have required property 'range'"};e===null?e=[r]:
e.push(r),t++}s.range!==void 0&&(u(s.range,{instancePath:n+"/range",parentData:s,parentDataProperty:"range",rootData:i})||(e=e===null?u.errors:e.concat(u.errors),
t=e.length)),s.requestType!==void 0&&(u(s.requestType,{instancePath:n+"/requestType",parentData:s,parentDataProperty:"requestType",rootData:i})||(e=e===null?u.errors:
e.concat(u.errors),t=e.length))}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"object"},message:"must be object"};e===null?e=[r]:e.
push(r),t++}return P.errors=e,t===0}function A(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(Array.isArray(s)){let r=s.
length;for(let o=0;o<r;o++)P(s[o],{instancePath:n+"/"+o,parentData:s,parentDataProperty:o,rootData:i})||(e=e===null?P.errors:e.concat(P.errors),t=e.length)}else{
let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[r]:e.push(r),t++}return A.errors=e,t===0}var B=R;function R(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(Array.isArray(s)){let r=s.length;for(let o=0;o<r;o++)u(s[o],
{instancePath:n+"/"+o,parentData:s,parentDataProperty:o,rootData:i})||(e=e===null?u.errors:e.concat(u.errors),t=e.length)}else{let r={instancePath:n,schemaPath:"\
#/type",keyword:"type",params:{type:"array"},message:"must be array"};e===null?e=[r]:e.push(r),t++}return R.errors=e,t===0}var M=O,V={type:"array",items:{type:"\
string",enum:["pro","single"]}};function O(s,{instancePath:n="",parentData:p,parentDataProperty:a,rootData:i=s}={}){let e=null,t=0;if(Array.isArray(s)){let r=s.
length;for(let o=0;o<r;o++){let l=s[o];if(typeof l!="string"){let y={instancePath:n+"/"+o,schemaPath:"#/items/type",keyword:"type",params:{type:"string"},message:"\
must be string"};e===null?e=[y]:e.push(y),t++}if(!(l==="pro"||l==="single")){let y={instancePath:n+"/"+o,schemaPath:"#/items/enum",keyword:"enum",params:{allowedValues:V.
items.enum},message:"must be equal to one of the allowed values"};e===null?e=[y]:e.push(y),t++}}}else{let r={instancePath:n,schemaPath:"#/type",keyword:"type",params:{
type:"array"},message:"must be array"};e===null?e=[r]:e.push(r),t++}return O.errors=e,t===0}var K={createUser:{query:{test:{required:!1,values:["true","false"]}},
bodyRequired:!0,types:["application/json"],fields:{"":["civility","firstname","lastname","login","email","phone","mobile","company","accountNumber","address","p\
rofile","parentUserIdentifier"],address:["street","zipCode","city","country"],"address.country":["code"],profile:["code"]},checkBody:T},updateUser:{query:{test:{
required:!1,values:["true","false"]}},bodyRequired:!0,types:["application/json"],fields:{"":["civility","firstname","lastname","login","email","phone","mobile",
"company","accountNumber","address","profile","parentUserIdentifier"],address:["street","zipCode","city","country"],"address.country":["code"],profile:["code"]},
checkBody:S},setGeographicalRule:{query:{test:{required:!1,values:["true","false"]}},bodyRequired:!0,types:["application/json"],fields:{"":["handledCountries"]},
checkBody:U},setMaxDistanceRule:{query:{test:{required:!1,values:["true","false"]}},bodyRequired:!0,types:["application/json"],fields:{"":["maxDistance"]},checkBody:$},
setCompetencesRule:{query:{test:{required:!1,values:["true","false"]}},bodyRequired:!0,types:["application/json"],fields:{},checkBody:z},setContactProfilesRule:{
query:{test:{required:!1,values:["true","false"]}},bodyRequired:!0,types:["application/json"],fields:{},checkBody:B},setProfileTypesRule:{query:{test:{required:!1,
values:["true","false"]}},bodyRequired:!0,types:["application/json"],fields:{},checkBody:M},listUserProfiles:{query:{},bodyRequired:!1,types:[],fields:{},checkBody:void 0},
listCountries:{query:{},bodyRequired:!1,types:[],fields:{},checkBody:void 0},getCountry:{query:{},bodyRequired:!1,types:[],fields:{},checkBody:void 0}};export{K as requestChecks,E as similarTo};
