# make run      set up and start with the demonstration street: http://127.0.0.1:8000/
# make test     set up and run every check and test
# make help     the rest
HOST = 127.0.0.1
PORT = 8000
BIN = .venv/bin
SHELL = /bin/sh

.PHONY: help setup run test lint lives bench docs-pictures requirements wheel clean

help:
	@echo "make run            准备好一切，带示范街道启动：http://$(HOST):$(PORT)/（换端口：make run PORT=8080）"
	@echo "make setup          只准备，不启动；之后命令行是 .venv/bin/linli"
	@echo "make test           准备好一切，做全部检查和测试（包括浏览器测试）"
	@echo "make lint           只做代码检查：格式、类型、分层、迁移"
	@echo "make bench          测速度，打印与基准的比值"
	@echo "make docs-pictures  重画文档里的图"
	@echo "make requirements   重新编排 requirements/*.txt（需要 uv）"
	@echo "make wheel          做成可安装的包，放在 dist/"
	@echo "make clean          删除生成的文件（不动 var/ 里的数据）"

setup:
	@scripts/setup.sh runtime

run: setup
	@exec $(BIN)/linli serve --demo --host $(HOST) --port $(PORT)

lint:
	@scripts/setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy linli
	$(BIN)/lint-imports
	$(BIN)/linli manage makemigrations --check --dry-run

test:
	@scripts/setup.sh journeys
	@$(MAKE) --no-print-directory lint
	LINLI_HOME="$${LINLI_HOME:-$(CURDIR)/var/test}" $(BIN)/pytest -n 2 --dist loadfile

# Ten thousand random sequences of life events (LIVES says how many).
lives:
	@scripts/setup.sh dev
	LINLI_HOME="$${LINLI_HOME:-$(CURDIR)/var/test}" LINLI_LIVES="$${LIVES:-10000}" $(BIN)/pytest -s -q linli/registry/people/tests/test_lives.py

bench:
	@scripts/setup.sh dev
	$(BIN)/python -m tests.bench $(BENCH)

docs-pictures:
	@scripts/setup.sh journeys
	$(BIN)/python -m docs.pictures.make

requirements:
	cd requirements && uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header runtime.in -o runtime.txt
	cd requirements && uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header -c runtime.txt dev.in -o dev.txt
	cd requirements && uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header node.in -o node.txt

wheel:
	@scripts/setup.sh dev
	$(BIN)/python -m build --wheel --no-isolation

clean:
	rm -rf dist build linli/pages/static/built frontend/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
