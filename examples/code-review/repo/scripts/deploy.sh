#!/bin/sh
# Installs the newest Bookshelf on this machine.
set -eu

curl -fsSL https://install.example/runtime.sh | sh

cd /srv/bookshelf
git pull --ff-only
npm ci --omit=dev
chmod 750 /srv/bookshelf/uploads
systemctl restart bookshelf
