#!/bin/sh
# Make _ext/site/minisearch.js, the book's search engine, from its npm package: pinned, in one classic script that a page
# opened from a file can load, without what the browser does not need.
set -eu
cd "$(mktemp -d)"
npm install --no-audit --no-fund minisearch@7.2.0 esbuild@0.28.2
{
  echo '// MiniSearch 7.2.0, (c) Luca Ongaro, MIT licence, https://github.com/lucaong/minisearch; made by tools/vendor_minisearch.sh'
  npx esbuild node_modules/minisearch/dist/es/index.js --bundle --format=iife --global-name=M --minify \
    --footer:js='globalThis.MiniSearch=M.default;'
} > "$OLDPWD/_ext/site/minisearch.js"
