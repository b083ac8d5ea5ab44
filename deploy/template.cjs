// What serverless.yml takes from here: `${file(deploy/template.cjs):…}`. CommonJS, since osls loads files with
// require(), which takes neither ES modules nor TypeScript.
module.exports = async (tools) => {
  const { load } = await import('./bundle.mjs');
  const { template } = await load('deploy/stack/template.ts');
  return template(tools).catch((error) => {
    // The message says what is wrong; the packager would print the stack, which is of no use to an operator.
    throw Object.assign(error, { stack: error.message });
  });
};
