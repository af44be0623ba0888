"""What a person reads when the workspace refuses what they did, by the error's code."""

from __future__ import annotations

REFUSALS = {
    "already_archived": "That channel is archived already.",
    "account_inactive": "This account is deactivated. Choose another person.",
    "already_in_channel": "They are in that channel already.",
    "cant_archive_general": "Nobody can archive #general.",
    "cant_delete_file": "You can delete only your own files.",
    "cant_delete_message": "You can delete only your own messages.",
    "cant_invite": "This person cannot be invited there.",
    "cant_invite_self": "You are in that channel already.",
    "cant_leave_general": "Nobody can leave #general.",
    "channel_not_found": "There is no such channel. Choose one from the list.",
    "file_not_found": "This file is no longer there. Choose it again.",
    "file_type_not_allowed": "This kind of file does not fit here.",
    "file_upload_size_restricted": "This file is too large. Files in a form can have 10 MB, others 1 GB.",
    "invalid_name_specials": "Channel names can have only lower-case letters, numbers, hyphens and underscores.",
    "is_archived": "This channel is archived: nobody can write here.",
    "message_not_found": "That message is no longer there.",
    "name_taken": "There is already a channel with that name. Choose another.",
    "no_file_data": "Choose a file to upload.",
    "no_text": "Write something first.",
    "not_found": "That window is no longer open.",
    "not_in_channel": "You are not in that channel. Join it first.",
    "restricted_action": "Guests can neither join nor make channels. Ask a member to invite you.",
    "too_many_files": "A message can have 10 files at the most.",
    "unknown_shortcut": "The app has no such shortcut.",
    "unknown_verb": "The sandbox has no such verb.",
    "user_not_found": "There is no such person in this workspace.",
}
