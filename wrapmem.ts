const f = Deno.openSync("/tmp/mem.log",{write:true,create:true,truncate:true});
setInterval(()=>{ const m=Deno.memoryUsage(); f.writeSync(new TextEncoder().encode(`${performance.now().toFixed(0)} rss ${(m.rss/1e6).toFixed(1)} heapTotal ${(m.heapTotal/1e6).toFixed(1)} heapUsed ${(m.heapUsed/1e6).toFixed(1)} ext ${(m.external/1e6).toFixed(1)}\n`)); }, 500);
await import("./main.ts");
