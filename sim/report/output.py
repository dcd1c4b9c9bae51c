"""Files for people: written whole, and a file that is open elsewhere is said so."""

import os
from pathlib import Path

from sim.ensemble.store import unwritable
from sim.text import Refused, Text


def put(file: Path, content: bytes) -> Path:
    """`file` with `content`: the old one stays until the new one is whole.

    Raises Refused where another program (Word, Excel) holds the file, or it cannot be written.
    """
    scratch = file.with_name(f".unfinished-{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(content)
        os.replace(scratch, file)
    except PermissionError as error:
        raise Refused(
            Text(
                f"无法写入 {file}：文件可能正在 Word、WPS 或 Excel 中打开；"
                "请关闭后重试，或用 output= 另选位置",
                f"{file} cannot be written: it may be open in Word, WPS or Excel; close it there, "
                "or set output= elsewhere",
            )
        ) from error
    except OSError as error:
        raise unwritable(file, error) from error
    finally:
        scratch.unlink(missing_ok=True)
    return file
