#!/usr/bin/env bash
# osls 4.3.1 (npm), the packager of Lambda functions: of two routes of an HTTP API whose paths differ in punctuation only,
# one is left out of the template, without a warning.
#
# The logical id of a route is made of its method and path without dots and slashes. `/v2.0/tokens` and `/v20/tokens` have
# one id, so the later one takes the place of the earlier. `package` succeeds, and the earlier path is 404 once deployed.
# So count the routes of the template against those of serverless.yml.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund osls@4.3.1

cat >serverless.yml <<'YAML'
service: routes
provider: { name: aws, runtime: nodejs22.x, region: us-east-1 }
functions:
  first: { handler: answer.handler, events: [{ httpApi: 'GET /v2.0/tokens' }] }
  second: { handler: answer.handler, events: [{ httpApi: 'GET /v20/tokens' }] }
  third: { handler: answer.handler, events: [{ httpApi: 'GET /v3/tokens' }] }
YAML
echo 'exports.handler = async () => ({ statusCode: 200 });' >answer.js
cat >routes.cjs <<'JS'
const { Resources } = require('./.serverless/cloudformation-template-update-stack.json');
for (const { Type, Properties } of Object.values(Resources)) {
  if (Type === 'AWS::ApiGatewayV2::Route') console.log(Properties.RouteKey);
}
JS
said="$(node node_modules/osls/bin/serverless.js package 2>&1)"
seen="$(echo "$said" | grep -ciE 'warning|duplicate' || true) warnings
$(node routes.cjs)"
echo "$seen"
expected="0 warnings
GET /v20/tokens
GET /v3/tokens"
[ "$seen" = "$expected" ] || { echo "osls behaves otherwise now; expected:"; echo "$expected"; exit 1; }
