-- Method and body that wrk sends, from bench/generator/wrk.ts.
wrk.method = os.getenv("BENCH_METHOD")
wrk.body = os.getenv("BENCH_BODY")
