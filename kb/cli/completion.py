"""What a shell may complete after ``fuwen``, as a script for bash, zsh or fish.

The script holds everything it offers, so that completing starts no program. It is made from the
parsers of the programs themselves.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress

from kb.cli import fuwen, program
from kb.errors import WrongUse


def command_line(prog: str) -> argparse.ArgumentParser:
    """The parser of ``fuwen completion``."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description="打印命令补全的脚本",
        epilog='bash：把 eval "$(fuwen completion bash)" 写进 ~/.bashrc；'
        'zsh：把 eval "$(fuwen completion zsh)" 写进 ~/.zshrc；'
        "fish：fuwen completion fish > ~/.config/fish/completions/fuwen.fish",
    )
    parser.add_argument("shell", choices=list(SCRIPTS), help="用哪一种 shell")
    parser.set_defaults(command=_complete)
    return parser


def _complete(given: argparse.Namespace) -> int:
    row, script = SCRIPTS[given.shell]
    rows = "\n".join(row.format(typed, words) for typed, words in sorted(_offers().items()))
    sys.stdout.write(script.replace("@ROWS@", rows))
    return program.FINE


def _offers() -> dict[str, str]:
    """What may follow: commands after what is typed, options after that and ``-``, values after
    an option. Nothing stands for a file or free text. What is not installed is left out.
    """
    names, offers = [], {"-": "--help --version"}
    for name in fuwen.COMMANDS:
        with suppress(WrongUse):
            offers |= _below(fuwen.parser_of(name), typed=name)
            names.append(name)
    return {"": " ".join(names)} | offers


def _below(parser: argparse.ArgumentParser, *, typed: str) -> Iterator[tuple[str, str]]:
    options: list[str] = []
    words: list[str] = []
    for action in parser._actions:
        choices = [str(choice) for choice in action.choices or ()]
        if not action.option_strings:
            words += choices
        elif action.nargs != 0:
            yield from (
                (f"{typed} {option}", " ".join(choices)) for option in action.option_strings
            )
        options += action.option_strings
    yield typed, " ".join(words)
    yield f"{typed} -", " ".join(options)
    for name, command in program.commands(parser).items():
        yield from _below(command, typed=f"{typed} {name}")


BASH = """\
_fuwen_offers() {
  case "$1" in
@ROWS@
    *) return 1 ;;
  esac
}
_fuwen() {
  local at= word current="${COMP_WORDS[COMP_CWORD]}"
  for word in "${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "$word" in
      -*) ;;
      *) if _fuwen_offers "${at:+$at }$word" >/dev/null; then at="${at:+$at }$word"; fi ;;
    esac
  done
  word="${COMP_WORDS[COMP_CWORD - 1]}"
  case "$current" in -*) word=- ;; esac
  word=$(_fuwen_offers "${at:+$at }$word" || _fuwen_offers "$at")
  COMPREPLY=($(compgen -W "$word" -- "$current"))
}
complete -o default -F _fuwen fuwen
"""
ZSH = """\
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
autoload -Uz bashcompinit && bashcompinit
"""
FISH = """\
function __fuwen_offers
  switch "$argv"
@ROWS@
    case '*'
      return 1
  end
end
function __fuwen
  set -l typed (commandline -opc)
  set -l current (commandline -ct)
  set -l at
  for word in $typed[2..]
    if not string match -q -- '-*' $word; and __fuwen_offers $at $word >/dev/null
      set -a at $word
    end
  end
  set -l last $typed[-1]
  if string match -q -- '-*' $current
    set last -
  end
  set -l offers (__fuwen_offers $at $last; or __fuwen_offers $at)
  if test -n "$offers"
    string split ' ' -- $offers
  else
    __fish_complete_path $current
  end
end
complete -c fuwen -f -a '(__fuwen)'
"""
BASH_ROW = "    '{}') echo '{}' ;;"
SCRIPTS = {
    "bash": (BASH_ROW, BASH),
    "zsh": (BASH_ROW, ZSH + BASH),
    "fish": ("    case '{}'; echo '{}'", FISH),
}
