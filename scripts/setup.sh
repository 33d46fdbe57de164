#!/bin/sh
# Prepares a checkout. Usage: scripts/setup.sh runtime | dev | journeys
#   runtime   .venv with what Linli needs to run, and the built front end
#   dev       the same, with the tools for tests and checks
#   journeys  dev, and the browser and fonts that the browser journeys need
# Everything is skipped when it is done already. Asks nothing: fit for a machine without a keyboard.
set -eu
cd "$(dirname "$0")/.."
what=${1:-runtime}
venv=.venv

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}
is_root() { [ "$(id -u)" -eq 0 ]; }

# Installs Debian packages where we may; otherwise says the one command to type.
need_packages() {
    reason=$1
    shift
    if ! command -v apt-get >/dev/null 2>&1; then
        fail "$reason。请用这台电脑的软件管理工具安装：$*，再重试。"
    fi
    if ! is_root; then
        fail "$reason。请执行这一条命令，再重试：sudo apt-get install -y $*"
    fi
    say "$reason，正在安装：$*"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if ! { apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 ||
        { apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends "$@" >"$log" 2>&1; }; }; then
        tail -5 "$log" >&2
        rm -f "$log"
        fail "没有装上：$*。请检查网络和软件源，再执行：apt-get update && apt-get install -y $*"
    fi
    rm -f "$log"
}

good_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && good_python "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

make_venv() {
    if [ -x "$venv/bin/python" ] && good_python "$venv/bin/python" &&
        "$venv/bin/python" -c 'import pip' >/dev/null 2>&1; then
        return 0
    fi
    python=$(find_python) || need_packages "需要 Python 3.11 或更新的版本" python3 python3-venv
    python=$(find_python) || fail "这个系统自带的 Python 早于 3.11。请安装 Python 3.11 或更新的版本，再重试。"
    rm -rf "$venv"
    if ! "$python" -c 'import ensurepip, venv; ensurepip.version' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        case $python in
        /usr/bin/python3) need_packages "建立 Python 虚拟环境还缺一个软件包" python3-venv ;;
        *) need_packages "建立 Python 虚拟环境还缺一个软件包" "python$version-venv" ;;
        esac
    fi
    say "建立 Python 虚拟环境 $venv ……"
    "$python" -m venv "$venv" || fail "虚拟环境没有建成。请检查磁盘空间和文件夹权限。"
}

hash_of() {
    "$venv/bin/python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}

is_installed() { [ -f "$venv/.linli-$1" ] && [ "$(cat "$venv/.linli-$1")" = "$(hash_of "requirements/$1.txt")" ]; }

install_requirements() {
    if is_installed "$1"; then return 0; fi
    say "安装 requirements/$1.txt 里的软件包（核对校验值）……"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes -r "requirements/$1.txt" ||
        fail "软件包没有装上。请检查网络，或设置 pip 镜像（pip config set global.index-url 镜像地址），再重试。"
    hash_of "requirements/$1.txt" >"$venv/.linli-$1"
}

# The checkout itself: importable from anywhere, with its command; nothing is downloaded or built for it.
install_checkout() {
    "$venv/bin/python" - <<'PYTHON'
import os, sys, sysconfig
here = os.getcwd()
path = os.path.join(sysconfig.get_paths()["purelib"], "linli-checkout.pth")
command = os.path.join(sysconfig.get_paths()["scripts"], "linli")
wanted = {
    path: here + "\n",
    command: f"#!{sys.executable}\nimport sys\nfrom linli.site.cli import main\nsys.exit(main())\n",
}
if len(sys.executable.encode()) > 120:  # the kernel cuts longer first lines
    wanted[command] = f"#!/bin/sh\nexec '{sys.executable}' -m linli.site.cli \"$@\"\n"
for file, text in wanted.items():
    try:
        same = open(file, encoding="utf-8").read() == text
    except OSError:
        same = False
    if not same:
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
os.chmod(command, 0o755)
PYTHON
}

build_front_end() {
    ask='import sys; sys.path.insert(0, "frontend"); import build; sys.exit(%s)'
    # shellcheck disable=SC2059
    if "$venv/bin/python" -B -c "$(printf "$ask" 'not build.is_current()')"; then return 0; fi
    # shellcheck disable=SC2059
    if "$venv/bin/python" -B -c "$(printf "$ask" 'not build.node_is_missing()')"; then
        say "这台电脑没有 Node 20，装一份到 $venv 里……"
        install_requirements node
    fi
    say "生成页面的样式和脚本……"
    "$venv/bin/python" -B frontend/build.py
}

find_chromium() {
    for name in "${LINLI_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

has_chinese_font() {
    command -v fc-list >/dev/null 2>&1 && fc-list ':lang=zh-cn' family 2>/dev/null | grep -q .
}

make_venv
case $what in
runtime)
    is_installed dev || install_requirements runtime
    ;;
dev | journeys)
    install_requirements dev
    ;;
*)
    fail "用法：scripts/setup.sh runtime | dev | journeys"
    ;;
esac
install_checkout
build_front_end
if [ "$what" = journeys ]; then
    find_chromium || need_packages "浏览器测试需要 Chromium" chromium fonts-noto-cjk
    has_chinese_font || need_packages "浏览器测试需要中文字体" fontconfig fonts-noto-cjk
fi
