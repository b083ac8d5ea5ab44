// The runtime of a function: takes events from the Runtime API of Lambda and hands over the answers, as AWS documents it
// (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). AWS's own, aws-lambda-ric, is compiled from C++ for ten minutes.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, AWS_LAMBDA_FUNCTION_NAME, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const post = async (path, body, headers = {}) =>
  (await fetch(`${api}/${path}`, { method: 'POST', body, headers })).arrayBuffer();
const report = (path, { name, message, stack = '' }, type = name) => {
  const body = JSON.stringify({ errorType: type, errorMessage: message, stackTrace: stack.split('\n') });
  return post(`${path}/error`, body, { 'Lambda-Runtime-Function-Error-Type': type });
};

let invocation = 'init';
// Node's runtime on Lambda ends with a rejection that nobody handles, and its container starts another.
process.on('unhandledRejection', async (error) => {
  await report(invocation, error, 'Runtime.UnhandledPromiseRejection');
  process.exit(128);
});

const [, module, name] = /^(.*)\.([^.]+)$/.exec(_HANDLER);
const { [name]: handler } = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${module}.mjs`)));
for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const awsRequestId = next.headers.get('Lambda-Runtime-Aws-Request-Id');
  const deadline = Number(next.headers.get('Lambda-Runtime-Deadline-Ms'));
  const context = {
    awsRequestId,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    invokedFunctionArn: next.headers.get('Lambda-Runtime-Invoked-Function-Arn'),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  invocation = `invocation/${awsRequestId}`;
  try {
    const answer = JSON.stringify(await handler(JSON.parse(await next.text()), context));
    await post(`${invocation}/response`, answer);
  } catch (error) {
    await report(invocation, error);
  }
}
