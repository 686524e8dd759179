#!/bin/sh
# The live widgets with Colab's versions (ipywidgets 7.7.1): tests/environments/colab_versions.sh [directory for the environment]
set -e
cd "$(dirname "$0")/../.."
environment=${1:-_build/colab}
[ -x "$environment/bin/python" ] || ${PY:-python3} -m venv "$environment"
"$environment/bin/python" -m pip install -q --disable-pip-version-check -r tests/environments/colab_requirements.txt
"$environment/bin/python" -c 'import ipywidgets; print("ipywidgets", ipywidgets.__version__); assert ipywidgets.__version__ == "7.7.1"'
# neither our conftest (it needs the browser) nor our settings: warnings of the old packages are not errors here
PYTHONPATH=. "$environment/bin/python" -m pytest -q -W ignore -p no:cacheprovider --noconftest -c /dev/null --rootdir=. tests/widgets/test_live.py
