-- What wrk sends beside headers: given by bench/wrk.ts.
wrk.method = os.getenv("BENCH_METHOD")
wrk.body = os.getenv("BENCH_BODY")
