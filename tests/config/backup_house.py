"""A Sirkel in a folder of its own, driven by its command as an administrator does."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.postgres_server import DATABASES

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class House:
    """Data folder, environment and the commands on them."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self):
        kept = {name: word for name, word in os.environ.items() if not name.startswith("SIRKEL_")}
        return {
            **kept,
            "SIRKEL_VENV": sys.prefix,
            "SIRKEL_SECRET_KEY": "a key for tests",
            "SIRKEL_DATA": str(self.data),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "sirkel.config.settings",
            **self.env,
        }

    def with_env(self, **env):
        return replace(self, env={**self.env, **env})

    def sirkel(self, *words, code=0):
        done = subprocess.run(
            [sys.executable, str(ROOT / "sirkel"), *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def seed(self, verb):
        done = subprocess.run(
            [sys.executable, "-m", "tests.config.backup_seed", verb],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tell(self):
        return json.loads(self.seed("tell"))

    def backup(self, folder, code=0):
        """Back up; return the path of the backup, or what was said when it did not work."""
        done = self.sirkel("backup", folder, "--data", self.data, code=code)
        return Path(done.stdout.strip()) if code == 0 else done.stderr

    def restore(self, file, *words, code=0):
        return self.sirkel("restore", file, "--data", self.data, *words, code=code)

    def copy(self, folder):
        """The same house once more in another folder; SQLite only."""
        shutil.copytree(self.data, folder)
        return replace(self, data=folder)


def addresses(server, suffix=""):
    return {variable: f"{server}{name}{suffix}" for variable, name in DATABASES.items()}
