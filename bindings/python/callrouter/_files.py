"""Reads files by name. The library itself opens none."""

import glob
import os

from callrouter import _core


def _text(path):
    # Any bytes are safe; what is not UTF-8 is reported by the parser.
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()


def _beside(path):
    """Texts of files named relative to `path`, or to the current folder."""
    folder = os.path.dirname(os.path.abspath(path))

    def read(name):
        near = os.path.join(folder, name)
        return _text(near if os.path.exists(near) else name)
    return read


def read_config(path):
    """A Configuration from a file. Raises InvalidArgument, OSError."""
    return _core.parse_config(_text(path), str(path))


def read_pool(path):
    """A PoolFile, with the tables it names."""
    return _core.parse_pool(_text(path), str(path), _beside(path))


def read_dial(path):
    """DialRules, with the law presets it includes."""
    return _core.parse_dial(_text(path), str(path), _beside(path))


def read_scenario(path):
    """A Scenario, with the configuration file it names."""
    return _core.parse_scenario(_text(path), str(path), _beside(path))


def read_leads(path, **options):
    """A LeadFile; options are the fields of LeadFileOptions."""
    return _core.parse_leads(_text(path), str(path),
                             _core.LeadFileOptions(**options))


def read_asterisk(queues, rules=None, **options):
    """An AsteriskImport of a queues.conf and, if given, a queuerules.conf.

    Includes are looked for beside the file they stand in; options are the
    fields of AsteriskImportOptions.
    """
    def resolve(argument, including):
        folder = os.path.dirname(os.path.abspath(including))
        return [(path, _text(path))
                for path in sorted(glob.glob(os.path.join(folder, argument)))]
    return _core.import_asterisk(
        _text(queues), None if rules is None else _text(rules), resolve,
        str(queues), str(rules or ''),
        _core.AsteriskImportOptions(**options))
