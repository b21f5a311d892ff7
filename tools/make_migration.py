"""Write a migration from the difference between the models and the database:
`python -m tools.make_migration NAME`.

Works on a fresh SQLite database brought to the newest migration; read the result before committing it.
"""

import sys
import tempfile
from pathlib import Path


def main(name: str) -> None:
    from flask_migrate import Migrate, revision, upgrade

    from app import create_app
    from cli.database import MIGRATIONS
    from records.database import db
    from settings import load

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({"VECHE_INSTANCE": folder, "VECHE_SECRET_KEY": "x"}))
        Migrate(app, db, directory=MIGRATIONS)
        versions = sorted(Path(MIGRATIONS, "versions").glob("[0-9]*.py"))
        with app.app_context():
            if versions:
                upgrade(directory=MIGRATIONS)
            revision(directory=MIGRATIONS, message=name, autogenerate=True, rev_id=f"{len(versions) + 1:04d}")


if __name__ == "__main__":
    main(sys.argv[1])
