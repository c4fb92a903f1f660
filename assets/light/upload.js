// Stands in for Reflex's upload helper, which few pages ever call: fetched when the first file is sent. Nobody waits for its answer.
export const uploadFiles = async (...sent) => (await import("../../utils/helpers/upload.js")).uploadFiles(...sent);
