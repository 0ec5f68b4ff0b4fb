// The desk's own drawings.

export const ICONS = {
  picture: ["M4 5h16v14H4z", "M4 16l4.5-4.5 4 4 3-3L20 17", "M9 9h.01"],
  product: ["M5 8h14l-1 12H6z", "M9 8V7a3 3 0 0 1 6 0v1"],
  coupon: ["M4 7h16v3a2 2 0 0 0 0 4v3H4v-3a2 2 0 0 0 0-4z", "M13 7v2M13 11v2M13 15v2"],
  scripts: ["M5 5h14v10H10l-5 4z", "M9 9h6M9 12h4"],
  promise: ["M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z", "M12 8v4l3 2"],
  handover: ["M4 9h13l-3-3", "M20 15H7l3 3"],
  help: [
    "M9.2 9a2.8 2.8 0 1 1 4 2.6c-.8.4-1.2.9-1.2 1.9",
    "M12 17h.01",
    "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
  ],
  flag: ["M6 20V4", "M6 5h11l-2 4 2 4H6"],
  back: ["M15 5l-7 7 7 7"],
  refresh: ["M19 12a7 7 0 1 1-2-5", "M19 4v4h-4"],
};
